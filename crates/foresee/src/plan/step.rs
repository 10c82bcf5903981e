//! A step of a plan, and what it does to the alias that it is about.

use core::fmt;

use kms_alias::Operation;
use kms_alias::Rule;
use kms_alias::{AliasName, KeyId};

/// A step of a plan: an operation that the table accepts at that point, and its effect.
///
/// ```
/// use kms_alias::{Operation};
/// use kms_alias_foresee::{Plan, PlanOptions, Wanted, StepEffect};
/// # use kms_alias::{AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, Region, Scope, Timestamp};
/// # let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// # let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// # let mut table = AliasTable::new(scope);
/// # table.insert_key(KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?)?;
/// # let at = Timestamp::from_millis(1_700_000_000_000);
///
/// let wanted = Wanted::from_iter([(AliasName::from_static("alias/payments"), key_id)]);
/// let plan = Plan::new(&table, &wanted, PlanOptions::default(), at)?;
/// let [step] = plan.steps() else { unreachable!() };
/// assert_eq!(step.alias_name(), "alias/payments");
/// assert!(matches!(step.operation(), Operation::CreateAlias { .. }));
/// assert_eq!(step.effect(), StepEffect::Appears { to: key_id });
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Step {
    pub(super) alias_name: AliasName,
    pub(super) operation: Operation,
    pub(super) effect: StepEffect,
}

/// What a step does: to which key the name resolves before and after it (rules C1, U1, D1). Other
/// steps are named by their place in the plan, from 0.
///
/// ```
/// use kms_alias::{KeyId, Rule};
/// use kms_alias_foresee::{StepEffect};
///
/// let from = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// let effect = StepEffect::GapOpens { from, until: 1, cause: Rule::U3 };
/// assert_eq!((effect.before(), effect.after()), (Some(from), None));
/// assert_eq!(
///     effect.to_string(),
///     format!("resolves to nothing instead of {from} until step 2 (rule U3)"),
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StepEffect {
    /// The name, which resolved to nothing, resolves to a key (rule C1).
    Appears {
        /// The key.
        to: KeyId,
    },
    /// The name resolves to another key, without a moment between (rule U1).
    Moves {
        /// The key before.
        from: KeyId,
        /// The key after.
        to: KeyId,
    },
    /// The name resolves to a third key for a while, to make room where full keys swap aliases.
    StepsAside {
        /// The key before.
        from: KeyId,
        /// The third key.
        to: KeyId,
        /// The step that brings it to the key that it is to have.
        until: usize,
    },
    /// The name comes from a third key to the one that it is to have.
    StepsBack {
        /// The third key.
        from: KeyId,
        /// The key after.
        to: KeyId,
        /// The step that brought it to the third key.
        since: usize,
    },
    /// The name resolves to nothing for a while: a call through it fails (rule U1).
    GapOpens {
        /// The key before.
        from: KeyId,
        /// The step after which the name resolves again.
        until: usize,
        /// Why the name cannot move at once: another key type (U3) or usage (U4), or full keys that
        /// swap aliases (T6).
        cause: Rule,
    },
    /// The name, which resolved to nothing for a while, resolves to the key that it is to have.
    GapCloses {
        /// The key.
        to: KeyId,
        /// The step since which the name resolved to nothing.
        since: usize,
    },
    /// The name resolves to nothing from now on (rule D1).
    Disappears {
        /// The key before.
        from: KeyId,
    },
}

/// A time in which a name that stands before and after the plan resolves to nothing (rules U3, U4,
/// T6).
///
/// ```
/// use kms_alias::{KeySpec, KeyUsage, Rule};
/// use kms_alias_foresee::{Plan, PlanOptions, Wanted};
/// # use kms_alias::{AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, Region, Scope, Timestamp};
/// # let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// # let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// # let mut table = AliasTable::new(scope);
/// # table.insert_key(KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?)?;
/// # let at = Timestamp::from_millis(1_700_000_000_000);
///
/// // To a key of another type an alias cannot move: it is deleted and created.
/// let rsa = KeyId::from_static("0987dcba-09fe-87dc-65ba-ab0987654321");
/// let key = KeyMetadata::builder(KeyArn::new(scope, rsa)).spec(KeySpec::Rsa2048);
/// table.insert_key(key.usage(KeyUsage::SignVerify).build()?)?;
/// let payments = AliasName::from_static("alias/payments");
/// table.create_alias(payments.clone(), key_id, at)?;
/// let wanted = Wanted::from_iter([(payments, rsa)]);
///
/// let plan = Plan::new(&table, &wanted, PlanOptions::default(), at)?;
/// let gap = plan.gaps().next().expect("the name resolves to nothing for a while");
/// assert_eq!(gap.alias_name, "alias/payments");
/// assert_eq!((gap.opens, gap.closes, gap.cause), (0, 1, Rule::U4));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Gap<'a> {
    /// The name.
    pub alias_name: &'a AliasName,
    /// The step after which it resolves to nothing, from 0.
    pub opens: usize,
    /// The step after which it resolves again.
    pub closes: usize,
    /// Why it cannot move at once: rule U3, U4 or T6.
    pub cause: Rule,
}

impl Step {
    /// The alias that the step is about.
    #[must_use]
    pub const fn alias_name(&self) -> &AliasName {
        &self.alias_name
    }

    /// The operation.
    #[must_use]
    pub const fn operation(&self) -> &Operation {
        &self.operation
    }

    /// What it does.
    #[must_use]
    pub const fn effect(&self) -> StepEffect {
        self.effect
    }
}

/// The alias and the effect.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.alias_name, self.effect)
    }
}

impl StepEffect {
    /// The key to which the name resolves before the step.
    #[must_use]
    pub const fn before(&self) -> Option<KeyId> {
        match self {
            Self::Appears { .. } | Self::GapCloses { .. } => None,
            Self::Moves { from, .. }
            | Self::StepsAside { from, .. }
            | Self::StepsBack { from, .. }
            | Self::GapOpens { from, .. }
            | Self::Disappears { from } => Some(*from),
        }
    }

    /// The key to which the name resolves after the step.
    #[must_use]
    pub const fn after(&self) -> Option<KeyId> {
        match self {
            Self::GapOpens { .. } | Self::Disappears { .. } => None,
            Self::Appears { to }
            | Self::Moves { to, .. }
            | Self::StepsAside { to, .. }
            | Self::StepsBack { to, .. }
            | Self::GapCloses { to, .. } => Some(*to),
        }
    }
}

/// The effect in words; steps are numbered from 1 here, as people number them.
impl fmt::Display for StepEffect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Appears { to } => write!(f, "resolves to {to}"),
            Self::Moves { from, to } => write!(f, "resolves to {to} instead of {from}"),
            Self::StepsAside { from, to, until } => write!(
                f,
                "resolves to {to} instead of {from} until step {}, to make room (rule T6)",
                Ordinal(until)
            ),
            Self::StepsBack { from, to, since } => write!(
                f,
                "resolves to {to}, and no longer to {from} as since step {}",
                Ordinal(since)
            ),
            Self::GapOpens { from, until, cause } => write!(
                f,
                "resolves to nothing instead of {from} until step {} (rule {cause})",
                Ordinal(until)
            ),
            Self::GapCloses { to, since } => write!(
                f,
                "resolves to {to}, after nothing since step {}",
                Ordinal(since)
            ),
            Self::Disappears { from } => write!(f, "no longer resolves to {from}"),
        }
    }
}

/// A place in a plan as people number it.
struct Ordinal(usize);

impl fmt::Display for Ordinal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.saturating_add(1).fmt(f)
    }
}
