//! What an observer of a run is told of its steps.

use kms_alias::{AliasListEntry, Change, Effect, KeyId, Operation};

use super::engine::{Engine, Judged};
use super::explore::Record;
use super::outcome::Possible;
use super::world::KeyIndex;

/// What a step does, or would do if it succeeds.
///
/// It is told with the table of the step's account. Of the steps before, that table has what is
/// certain: those that are undecided are taken as refused (ours).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Happening<'a> {
    /// The step succeeds whatever the unknown is. The table is the one after it.
    Certain(&'a Change),
    /// The step succeeds in some completions or orders, or in all of them on a key that is not
    /// described: what it does then. The table is the one before it. Of a step that may do one of
    /// several things each is told.
    Possible(&'a Effect),
    /// The step may change the state of this key, of which not enough is known to say how. The table
    /// is the one before it.
    OfOpenKey(KeyId),
}

/// So many things that a step may do are told.
const MOST_TOLD: usize = 8;

impl Engine<'_, '_> {
    /// Tells what a step of a block does if it succeeds, unless it never does.
    pub(super) fn tell_of_possible(&mut self, step: usize, record: &Record, judged: &Judged) {
        let may_succeed = match judged {
            Judged::One(possible) => *possible == Possible::Ok,
            Judged::Several(several) => several.could_be.contains(&Possible::Ok),
        };
        if !may_succeed {
            return;
        }
        let mut moves: Vec<(Option<KeyIndex>, Option<KeyIndex>)> = Vec::new();
        for seen in &record.sights {
            let keys = (seen.present, seen.target);
            if moves.len() < MOST_TOLD
                && !moves.contains(&keys)
                && self.cells_of(step, *seen).iter().any(|cell| cell.succeeds)
            {
                moves.push(keys);
            }
        }
        let Some(task) = self.tasks.get(step) else {
            return;
        };
        let (Some(operation), Some(account)) = (task.operation(), self.accounts.get(task.place))
        else {
            return;
        };
        let table = account.knowledge.table();
        if operation.alias_name().is_none() {
            let change = table.check(operation, self.at);
            let effect = change.as_ref().map(Change::effect);
            let open = operation.named_key().map(|key| key.key_id());
            let happening = effect.map_or_else(
                |_| open.map(Happening::OfOpenKey),
                |effect| Some(Happening::Possible(effect)),
            );
            if let Some(happening) = happening {
                (self.observer)(step, table, happening);
            }
            return;
        }
        for (from, to) in moves {
            let id = |key: Option<KeyIndex>| self.key_entry(key?).map(|entry| entry.key_id);
            if let Some(effect) = self.effect_of(operation, id(from), id(to)) {
                (self.observer)(step, table, Happening::Possible(&effect));
            }
        }
    }

    /// What an operation on an alias does that names this key and succeeds.
    fn effect_of(
        &self,
        operation: &Operation,
        from: Option<KeyId>,
        to: Option<KeyId>,
    ) -> Option<Effect> {
        let alias_name = operation.alias_name()?.clone();
        Some(match operation {
            Operation::CreateAlias { .. } => Effect::AliasCreated {
                alias_name: alias_name.into(),
                target_key_id: to?,
                at: self.at,
            },
            Operation::UpdateAlias { .. } => Effect::AliasUpdated {
                alias_name: alias_name.into(),
                from: from?,
                to: to?,
                updated_before: None,
                at: self.at,
            },
            Operation::DeleteAlias { .. } => Effect::AliasDeleted {
                alias: AliasListEntry::new(alias_name.into(), Some(from?)),
            },
            _ => return None,
        })
    }
}
