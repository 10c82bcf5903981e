//! Conditions under their names, and what a change does to who is under them (rules P1–P5).

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::fmt;

use super::condition::{AliasCondition, Standing};
use super::condition_key::ConditionKey;
use super::invalid::ConditionFault;
use crate::impact::{Impact, KeyAliases, KeyImpact};
use kms_alias::Rule;
use kms_alias::{AnyAliasName, KeyId};

/// Conditions on aliases, each under a name of the caller's choice, in the order in which they came
/// (rules P1–P5).
///
/// ```
/// use kms_alias_foresee::Impact;
/// use kms_alias::{AccountId, AliasName, AliasTable};
/// use kms_alias_foresee::{AliasCondition, AliasConditions, ConditionKey};
/// use kms_alias::{KeyArn, KeyId, KeyMetadata, Region, Scope, Timestamp};
///
/// let mut conditions = AliasConditions::default();
/// let operator = "ForAnyValue:StringLike".parse()?;
/// let readers = AliasCondition::new(operator, ConditionKey::ResourceAliases, ["alias/prod-*"])?;
/// conditions.insert("prod-readers", readers)?;
/// assert_eq!((conditions.len(), conditions.is_empty()), (1, false));
/// assert!(conditions.get("prod-readers").is_some());
/// assert!(conditions.iter().all(|(name, _)| name == "prod-readers"));
///
/// let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// let mut table = AliasTable::new(scope);
/// table.insert_key(KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?)?;
/// let at = Timestamp::from_millis(1_700_000_000_000);
/// let change = table.create_alias("alias/prod-db".parse::<AliasName>()?, key_id, at)?;
///
/// let changes = conditions.affected_by(&Impact::of(&table, &change)?);
/// assert_eq!(
///     changes[0].to_string(),
///     "brings key 1234abcd-12ab-34cd-56ef-1234567890ab under `prod-readers`, up to five minutes \
///      later (rule P4)",
/// );
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
// INVARIANT: `places` has the place of each name, and so no name is there twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AliasConditions {
    named: Vec<(Box<str>, AliasCondition)>,
    places: BTreeMap<Box<str>, usize>,
}

impl AliasConditions {
    /// Puts a condition under a name.
    ///
    /// # Errors
    /// If there is one of that name already, which stays.
    pub fn insert(&mut self, name: &str, condition: AliasCondition) -> Result<(), ConditionFault> {
        if self.get(name).is_some() {
            return Err(ConditionFault::Duplicate(name.into()));
        }
        self.places.insert(name.into(), self.named.len());
        self.named.push((name.into(), condition));
        Ok(())
    }

    /// The condition of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&AliasCondition> {
        let (_, condition) = self.named.get(*self.places.get(name)?)?;
        Some(condition)
    }

    /// The conditions with their names, in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &AliasCondition)> {
        self.named
            .iter()
            .map(|(name, condition)| (&**name, condition))
    }

    /// The number of conditions.
    #[must_use]
    pub fn len(&self) -> usize {
        self.named.len()
    }

    /// Whether there are no conditions.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.named.is_empty()
    }

    /// Which keys come under each condition, or fall out of it, by what a change or a list of
    /// changes does (rule P4): in the order of the conditions, then of the keys, then of the ways
    /// to ask for a key.
    ///
    /// A condition that asks for `kms:RequestAlias` is answered for each way to ask for the key: by
    /// key ID or ARN, and by each alias that it has or had. A key that is not there is under no
    /// condition.
    #[must_use]
    pub fn affected_by(&self, impact: &Impact) -> Vec<AccessChange> {
        let keys: Vec<_> = impact
            .keys()
            .map(|key| (key, changed_aliases(&key)))
            .collect();
        let mut changes = Vec::new();
        for (name, condition) in self.iter() {
            for (key, changed) in &keys {
                if changed
                    .as_ref()
                    .is_none_or(|changed| condition.may_turn(changed))
                {
                    compare(name, condition, key, &mut changes);
                }
            }
        }
        changes
    }
}

/// The aliases that a key has on one side only, if all else is the same that a condition sees: that
/// the key is there, that it has aliases, and whether they are more than the quota (rules P2, P5).
fn changed_aliases<'a>(key: &KeyImpact<'a>) -> Option<Vec<&'a AnyAliasName>> {
    let (before, after) = (key.before()?, key.after()?);
    let same_beside = before.is_above_quota() == after.is_above_quota()
        && before.names().is_empty() == after.names().is_empty();
    let only = |one: &'a KeyAliases, other: &'a KeyAliases| {
        one.names().iter().filter(|name| !other.has(name))
    };
    same_beside.then(|| only(before, after).chain(only(after, before)).collect())
}

/// What becomes of one key under one condition.
fn compare(
    name: &str,
    condition: &AliasCondition,
    key: &KeyImpact<'_>,
    changes: &mut Vec<AccessChange>,
) {
    let sides = [key.before(), key.after()].map(|aliases| Side::of(condition, aliases));
    let mut compare = |requested_by: RequestedBy| {
        let [before, after] = sides.each_ref().map(|side| side.standing(&requested_by));
        if (before == Standing::Under) != (after == Standing::Under) {
            changes.push(AccessChange {
                condition: name.into(),
                key_id: key.key_id(),
                requested_by,
                before,
                after,
            });
        }
    };
    if !condition.asks(ConditionKey::RequestAlias) {
        return compare(RequestedBy::Any);
    }
    compare(RequestedBy::Key);
    let names = [key.before(), key.after()].into_iter().flatten();
    let mut names: Vec<_> = names.flat_map(KeyAliases::names).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        compare(RequestedBy::Alias(name.clone()));
    }
}

/// A key under a condition, before or after.
struct Side<'a> {
    condition: &'a AliasCondition,
    /// None where there is no such key.
    aliases: Option<&'a KeyAliases>,
    /// How the key stands, whatever the request says.
    of_key: Standing,
}

impl<'a> Side<'a> {
    fn of(condition: &'a AliasCondition, aliases: Option<&'a KeyAliases>) -> Self {
        let standing = |aliases| condition.standing_of_key(aliases);
        Self {
            condition,
            aliases,
            of_key: aliases.map_or(Standing::Outside, standing),
        }
    }

    /// How a request for the key stands, which an alias reaches only if it is one of the key's.
    fn standing(&self, requested_by: &RequestedBy) -> Standing {
        let reached = match requested_by {
            RequestedBy::Any => true,
            RequestedBy::Key => self.condition.takes_request(None),
            RequestedBy::Alias(name) => {
                self.aliases.is_some_and(|aliases| aliases.has(name))
                    && self.condition.takes_request(Some(name))
            }
        };
        if reached {
            self.of_key
        } else {
            Standing::Outside
        }
    }
}

/// How a request asks for a key, as far as a condition sees it (rule P1).
///
/// ```
/// use kms_alias_foresee::Impact;
/// use kms_alias_foresee::{AliasConditions, RequestedBy};
/// # use kms_alias::{AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, Region, Scope, Timestamp};
/// # let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// # let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// # let mut table = AliasTable::new(scope);
/// # table.insert_key(KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?)?;
/// # let at = Timestamp::from_millis(1_700_000_000_000);
///
/// let text = br#"{"by-name": {"StringEquals": {"kms:RequestAlias": "alias/payments"}}}"#;
/// let conditions = AliasConditions::from_json(text)?;
/// let change = table.create_alias(AliasName::from_static("alias/payments"), key_id, at)?;
/// let changes = conditions.affected_by(&Impact::of(&table, &change)?);
/// // Only requests that name the key by this alias come under the condition.
/// assert_eq!(changes.len(), 1);
/// assert_eq!(*changes[0].requested_by(), RequestedBy::Alias("alias/payments".parse()?));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequestedBy {
    /// However it does: the condition does not ask.
    Any,
    /// By key ID or key ARN.
    Key,
    /// By this alias, its name or its ARN.
    Alias(AnyAliasName),
}

/// A key that comes under a condition, or falls out of it (rule P4).
///
/// The words end with the delay: it can take up to five minutes until KMS judges by the new
/// aliases, though lists show them at once.
///
/// ```
/// use kms_alias_foresee::Impact;
/// use kms_alias::{Rule};
/// use kms_alias_foresee::{AliasConditions, RequestedBy, Standing};
/// # use kms_alias::{AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, Region, Scope, Timestamp};
/// # let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// # let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// # let mut table = AliasTable::new(scope);
/// # table.insert_key(KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?)?;
/// # let at = Timestamp::from_millis(1_700_000_000_000);
///
/// let text = br#"{"prod": {"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/prod-*"}}}"#;
/// let conditions = AliasConditions::from_json(text)?;
/// let change = table.create_alias(AliasName::from_static("alias/prod-db"), key_id, at)?;
/// let [change] = &conditions.affected_by(&Impact::of(&table, &change)?)[..] else { unreachable!() };
/// assert_eq!((change.condition(), change.key_id()), ("prod", key_id));
/// assert_eq!((change.before(), change.after()), (Standing::Outside, Standing::Under));
/// assert_eq!((change.comes_under(), change.rule()), (true, Rule::P4));
/// assert_eq!(*change.requested_by(), RequestedBy::Any); // the condition does not ask
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AccessChange {
    condition: Box<str>,
    key_id: KeyId,
    requested_by: RequestedBy,
    before: Standing,
    after: Standing,
}

impl AccessChange {
    /// The name of the condition.
    #[must_use]
    pub fn condition(&self) -> &str {
        &self.condition
    }

    /// The key.
    #[must_use]
    pub const fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// How the key is asked for.
    #[must_use]
    pub const fn requested_by(&self) -> &RequestedBy {
        &self.requested_by
    }

    /// How the key stood to the condition.
    #[must_use]
    pub const fn before(&self) -> Standing {
        self.before
    }

    /// How the key stands to the condition, up to five minutes later.
    #[must_use]
    pub const fn after(&self) -> Standing {
        self.after
    }

    /// Whether the key comes under the condition; if not, it falls out of it.
    #[must_use]
    pub fn comes_under(&self) -> bool {
        self.after == Standing::Under
    }

    /// The rule: P5 if the quota of aliases makes the difference, P4 if the aliases themselves do.
    #[must_use]
    pub fn rule(&self) -> Rule {
        if self.before == Standing::Denied || self.after == Standing::Denied {
            Rule::P5
        } else {
            Rule::P4
        }
    }
}

impl fmt::Display for AccessChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let under = self.comes_under();
        write!(
            f,
            "{} key {}",
            if under { "brings" } else { "takes" },
            self.key_id
        )?;
        match &self.requested_by {
            RequestedBy::Any => {}
            RequestedBy::Key => f.write_str(", asked for by key ID or ARN,")?,
            RequestedBy::Alias(name) => write!(f, ", asked for by {name},")?,
        }
        let way = if under { "under" } else { "out of" };
        write!(f, " {way} `{}`", self.condition)?;
        if self.before == Standing::Denied {
            f.write_str(", with no more aliases than the quota again")?;
        } else if self.after == Standing::Denied {
            f.write_str(", denied with more aliases than the quota")?;
        }
        write!(f, ", up to five minutes later (rule {})", self.rule())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::operator::{Comparison, ConditionOperator};

    /// Every set of three aliases, under a quota of two, and no key at all.
    fn sides() -> Vec<Option<KeyAliases>> {
        let names = ["alias/a", "alias/ab", "alias/b"].map(|name| name.parse().expect("a name"));
        let of = |set: usize| -> KeyAliases {
            let names = names.iter().enumerate();
            let chosen = names.filter(|(bit, _)| set >> bit & 1 == 1);
            KeyAliases::new(chosen.map(|(_, name): (_, &AnyAliasName)| name.clone()), 2)
        };
        (0..8).map(|set| Some(of(set))).chain([None]).collect()
    }

    /// Conditions of one comparison and of two, of every operator on both keys.
    fn conditions() -> Vec<AliasCondition> {
        let mut operators: Vec<ConditionOperator> = Vec::new();
        for comparison in Comparison::ALL {
            for (set, end) in [
                ("", ""),
                ("", "IfExists"),
                ("ForAnyValue:", ""),
                ("ForAllValues:", ""),
                ("ForAllValues:", "IfExists"),
            ] {
                operators.extend(
                    format!("{set}{}{end}", comparison.as_str()).parse::<ConditionOperator>(),
                );
            }
        }
        let of = |operator: ConditionOperator, key: ConditionKey| {
            let values: &[&str] = match operator.comparison() {
                Comparison::Null => &["true"],
                _ => &["alias/a*", "alias/ab"],
            };
            AliasCondition::new(operator, key, values).ok()
        };
        let keys = [ConditionKey::RequestAlias, ConditionKey::ResourceAliases];
        let pairs = operators
            .iter()
            .flat_map(|operator| keys.map(|key| (*operator, key)));
        let single: Vec<_> = pairs
            .filter_map(|(operator, key)| of(operator, key))
            .collect();
        let also = |condition: &AliasCondition| {
            let operator = "StringLike".parse().expect("an operator");
            let condition = condition.clone();
            let values = ["alias/?b"];
            condition
                .and(operator, ConditionKey::RequestAlias, values)
                .expect("a condition")
        };
        let both: Vec<_> = single.iter().map(also).collect();
        [single, both].concat()
    }

    #[test]
    fn a_condition_that_is_left_out_does_not_turn_p2_p5() {
        let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
        let (mut left_out, mut turned) = (0, 0);
        for condition in conditions() {
            for before in sides() {
                for after in sides() {
                    let mut impact = Impact::default();
                    impact.put_key(key_id, (before.clone(), after));
                    let Some(key) = impact.keys().next() else {
                        continue;
                    };
                    let mut changes = Vec::new();
                    compare("x", &condition, &key, &mut changes);
                    turned += usize::from(!changes.is_empty());
                    let may_turn =
                        changed_aliases(&key).is_none_or(|changed| condition.may_turn(&changed));
                    left_out += usize::from(!may_turn);
                    assert!(may_turn || changes.is_empty(), "{condition:?}: {key:?}");
                }
            }
        }
        // Both happen, and often.
        assert!(left_out > 100 && turned > 100, "{left_out} {turned}");
    }
}
