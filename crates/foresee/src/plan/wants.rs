//! What is known of an account, for a plan, and verdicts on requests that depend on what is not.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::moves::Target;
use crate::verdict::{
    AliasList, KeyFacts, KeyList, Knowledge, Outcome, Run, RunStep, example_of, facts_told, judge,
};
use kms_alias::{
    AliasListEntry, AliasName, AliasTable, KeyArn, KeyId, Operation, TargetKeyId, Timestamp,
};

/// What is known of an account.
pub(super) struct Account<'a> {
    /// Where what is known of a key settles every rule, it is described here.
    pub(super) table: Cow<'a, AliasTable>,
    /// None if the table is all that is known, and the keys that it lacks do not exist.
    knowledge: Option<&'a Knowledge>,
    /// Whether there can be keys of which not all is known.
    pub(super) has_open_keys: bool,
}

/// A request whose outcome the table does not know.
pub(super) struct Open {
    pub(super) alias_name: AliasName,
    pub(super) target: TargetKeyId,
    pub(super) operation: Operation,
    /// The alias as it stands.
    pub(super) present: Option<AliasListEntry>,
    pub(super) from: Option<usize>,
    pub(super) to: Option<Target>,
}

impl<'a> Account<'a> {
    pub(super) fn of_table(table: &'a AliasTable) -> Self {
        Self {
            has_open_keys: table.undescribed_keys().next().is_some(),
            table: Cow::Borrowed(table),
            knowledge: None,
        }
    }

    /// What is known of a key without a description may say all that rules ask: such a key is
    /// described in one of the ways in which it can be.
    pub(super) fn of(knowledge: &'a Knowledge, at: Timestamp) -> Self {
        let mut table = Cow::Borrowed(knowledge.table());
        let told = knowledge.undescribed_keys();
        for (key_id, facts) in told.filter(|(_, facts)| facts.exists && says_more(facts)) {
            let arn = KeyArn::new(knowledge.table().scope(), key_id);
            if let Some(key) = example_of(arn, facts, at) {
                // The key is not described yet, so it can be.
                let _ = table.to_mut().insert_key(key);
            }
        }
        let undescribed = knowledge.table().undescribed_keys().next();
        Self {
            table,
            knowledge: Some(knowledge),
            has_open_keys: knowledge.key_list == KeyList::Incomplete || undescribed.is_some(),
        }
    }

    /// Whether not all is known of a key that may exist.
    pub(super) fn is_open(&self, key_id: KeyId) -> bool {
        let Some(knowledge) = self.knowledge else {
            return self.table.knows_key(&key_id) && !self.table.is_described(&key_id);
        };
        !knowledge.table().is_described(&key_id) && knowledge.may_exist(&key_id)
    }

    fn facts_of(&self, key_id: &KeyId) -> KeyFacts {
        match self.knowledge {
            Some(knowledge) => knowledge.facts_of(key_id),
            None => facts_told(&self.table, key_id),
        }
    }

    /// The verdict on each of these requests, but for the room on keys (rule T6): of aliases and
    /// keys that requests share they change nothing that another one asks for.
    pub(super) fn outcomes(&self, open: &[Open], at: Timestamp) -> Vec<Outcome> {
        if open.is_empty() {
            return Vec::new();
        }
        let scope = self.table.scope();
        let mut known = Knowledge::new(scope.into())
            .with_reserved_names(self.table.reserved_names())
            .with_aliases_per_key(u32::MAX);
        known.key_list = self
            .knowledge
            .map_or(KeyList::Complete, |knowledge| knowledge.key_list);
        known.alias_list = AliasList::Complete;
        for one in open {
            self.tell_of_key(&mut known, one.target.key_id());
            if let Some(present) = &one.present {
                if let Some(key_id) = present.target_key_id {
                    self.tell_of_key(&mut known, key_id);
                }
                known.insert_alias(present.clone());
            }
        }
        let steps = open
            .iter()
            .map(|one| RunStep::new(scope, one.operation.clone()));
        let run = Run::listed(steps.collect(), at);
        judge(&run, [known].into()).outcomes
    }

    fn tell_of_key(&self, known: &mut Knowledge, key_id: KeyId) {
        let of_knowledge = self.knowledge.map_or(&*self.table, Knowledge::table);
        match of_knowledge.key(key_id) {
            Some(key) if !known.table().is_described(&key_id) => {
                // The key is of this scope, and not there yet.
                let _ = known.table_mut().insert_key(key.clone());
            }
            Some(_) => {}
            None => known.insert_undescribed_key(key_id, self.facts_of(&key_id)),
        }
    }
}

/// Whether more is known of a key than that it exists and who manages it.
fn says_more(facts: &KeyFacts) -> bool {
    let kind = facts.spec.is_some() || facts.usage.is_some() || facts.origin.is_some();
    kind || facts.state.is_some() || facts.enabled.is_some()
}
