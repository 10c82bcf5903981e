//! A plan, made step by step on a copy of the table.

use alloc::vec;
use alloc::vec::Vec;

use super::act::Act;
use super::impossible::{Impossible, Unreachable};
use super::knots::untie;
use super::moves::Moves;
use super::order::order;
use super::step::{Gap, Step, StepEffect};
use super::third::ThirdKeys;
use super::wanted::{PlanOptions, Wanted};
use super::wants::Account;
use crate::verdict::Knowledge;
use kms_alias::AliasTable;
use kms_alias::Operation;
use kms_alias::Timestamp;

/// The steps from a table to wanted aliases: the fewest, and among the fewest those with the fewest
/// gaps.
///
/// A table accepts the steps in their order, so it is valid after any of them, wherever the plan is
/// stopped. The operations are CreateAlias, UpdateAlias and DeleteAlias: no plan changes a key.
///
/// - An alias that is to move to another key type or usage is deleted and created (rules U3, U4).
///   In the gap between its name resolves to nothing.
/// - Where the quota of aliases per key (rule T6) makes the order matter, the order is one that
///   goes. Full keys that swap aliases need one operation more: a delete and a create in the place
///   of an update, or a move by way of a third key if the caller allows it ([`ThirdKey`]).
/// - Steps go by name where the order does not matter, and deletes of what is not mentioned come
///   last where they need not make room (ours): what stops early has taken nothing away.
///
/// Time and memory grow about linearly with the table.
///
/// ```
/// use kms_alias::{
///     AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, KeySpec, KeyUsage, Region,
///     Rule, Scope, Timestamp,
/// };
/// use kms_alias_foresee::{Plan, PlanOptions, StepEffect, Wanted};
///
/// let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// let symmetric = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// let rsa = KeyId::from_static("0987dcba-09fe-87dc-65ba-ab0987654321");
/// let mut table = AliasTable::new(scope);
/// table.insert_key(KeyMetadata::builder(KeyArn::new(scope, symmetric)).build()?)?;
/// let key = KeyMetadata::builder(KeyArn::new(scope, rsa)).spec(KeySpec::Rsa2048);
/// table.insert_key(key.usage(KeyUsage::EncryptDecrypt).build()?)?;
/// let at = Timestamp::from_millis(1_700_000_000_000);
/// let payments = AliasName::from_static("alias/payments");
/// table.create_alias(payments.clone(), symmetric, at)?;
///
/// let wanted = Wanted::from_iter([(payments, rsa)]);
/// let plan = Plan::new(&table, &wanted, PlanOptions::default(), at)?;
/// let effects: Vec<StepEffect> = plan.steps().iter().map(|step| step.effect()).collect();
/// assert_eq!(effects, [
///     StepEffect::GapOpens { from: symmetric, until: 1, cause: Rule::U3 },
///     StepEffect::GapCloses { to: rsa, since: 0 },
/// ]);
///
/// assert_eq!((plan.len(), plan.is_empty(), plan.gaps().count()), (2, false, 1));
///
/// assert_eq!(plan.operations().count(), plan.len());
/// let operations: Vec<_> = plan.into_operations().collect();
/// table.apply_all(&operations, at)?;
/// assert_eq!(Wanted::of(&table), wanted);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// [`ThirdKey`]: super::ThirdKey
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Plan {
    steps: Vec<Step>,
}

impl Plan {
    /// The steps from a table to what is wanted; none if all is as it is wanted. A key that the
    /// table does not know does not exist.
    ///
    /// # Errors
    /// Everything that cannot be reached by whatever way, each with the rules that forbid it: A4,
    /// T3, T2, T1, T4, T5 and T6. Everything of which that cannot be told, as it depends on a key
    /// that is not described (I6).
    pub fn new(
        table: &AliasTable,
        wanted: &Wanted,
        options: PlanOptions,
        at: Timestamp,
    ) -> Result<Self, Impossible> {
        Self::of(&Account::of_table(table), wanted, options, at)
    }

    /// The same in an account of which more is known than its table tells, or less: whether the
    /// list of keys is whole, and facts of keys that are not described.
    ///
    /// ```
    /// use kms_alias_foresee::verdict::{Conclusion, KeyList, Knowledge};
    /// use kms_alias_foresee::{Plan, PlanOptions, Wanted};
    /// # use kms_alias::{AccountId, AliasName, AliasTable, KeyId, Region, Scope, Timestamp};
    /// # let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
    /// # let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
    /// # let at = Timestamp::from_millis(1_700_000_000_000);
    ///
    /// let wanted = Wanted::from_iter([(AliasName::from_static("alias/payments"), key_id)]);
    /// let mut knowledge = Knowledge::from(AliasTable::new(scope));
    /// let conclusion = |knowledge: &Knowledge| {
    ///     let plan = Plan::of_account(knowledge, &wanted, PlanOptions::default(), at);
    ///     plan.map_err(|no_plan| no_plan.conclusion()).err()
    /// };
    /// assert_eq!(conclusion(&knowledge), Some(Conclusion::Undecided)); // no list of keys
    /// knowledge.key_list = KeyList::Complete;
    /// assert_eq!(conclusion(&knowledge), Some(Conclusion::Fails)); // there is no such key (rule T1)
    /// ```
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn of_account(
        knowledge: &Knowledge,
        wanted: &Wanted,
        options: PlanOptions,
        at: Timestamp,
    ) -> Result<Self, Impossible> {
        Self::of(&Account::of(knowledge, at), wanted, options, at)
    }

    fn of(
        account: &Account<'_>,
        wanted: &Wanted,
        options: PlanOptions,
        at: Timestamp,
    ) -> Result<Self, Impossible> {
        let mut moves = Moves::read(account, wanted, options, at)?;
        let table = &*account.table;
        let arrivals = untie(&mut moves, ThirdKeys::new(table, at, options.third_key));
        let acts = order(&moves, &arrivals);
        Self::carry_out(table.clone(), &moves, &acts, at)
    }

    /// Does each step on a copy of the table, which says what it did.
    fn carry_out(
        mut table: AliasTable,
        moves: &Moves,
        acts: &[Act],
        at: Timestamp,
    ) -> Result<Self, Impossible> {
        let others = others(acts, moves.moves.len());
        let mut steps = Vec::with_capacity(acts.len());
        let acts = acts.iter().zip(others);
        for (act, other, of) in
            acts.filter_map(|(act, other)| Some((act, other, moves.moves.get(act.number)?)))
        {
            let operation = act.operation(of, &moves.keys);
            let change = table.apply(&operation, at).map_err(|refusal| Impossible {
                unreachable: vec![Unreachable {
                    alias_name: of.alias_name.clone().into(),
                    target_key_id: of.route.to().map(|to| to.named),
                    refusals: vec![refusal],
                }],
                undecided: Vec::new(),
            })?;
            if let Some(effect) = act.effect(of, change.effect(), other) {
                steps.push(Step {
                    alias_name: of.alias_name.clone(),
                    operation,
                    effect,
                });
            }
        }
        Ok(Self { steps })
    }

    /// The steps, in their order.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// How many steps there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The operations of the steps, in their order.
    pub fn operations(&self) -> impl ExactSizeIterator<Item = &Operation> {
        self.steps.iter().map(|step| &step.operation)
    }

    /// The operations of the steps by value, in their order.
    pub fn into_operations(self) -> impl ExactSizeIterator<Item = Operation> {
        self.steps.into_iter().map(|step| step.operation)
    }

    /// The gaps, in the order in which they open.
    pub fn gaps(&self) -> impl Iterator<Item = Gap<'_>> {
        let numbered = self.steps.iter().enumerate();
        numbered.filter_map(|(opens, step)| match step.effect {
            StepEffect::GapOpens { until, cause, .. } => Some(Gap {
                alias_name: &step.alias_name,
                opens,
                closes: until,
                cause,
            }),
            _ => None,
        })
    }
}

/// For each step the place of the other step of its move; its own, if there is no other.
fn others(acts: &[Act], moves: usize) -> Vec<usize> {
    let mut others: Vec<usize> = (0..acts.len()).collect();
    let mut first = vec![None; moves];
    for (place, act) in acts.iter().enumerate() {
        let before = first
            .get_mut(act.number)
            .and_then(|first| first.replace(place));
        if let Some(before) = before {
            others.swap(before, place);
        }
    }
    others
}
