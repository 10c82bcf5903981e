//! One step of a move: what is asked for, and what comes of it.

use super::moves::{Keys, Move, Route, request};
use super::step::StepEffect;
use kms_alias::KmsOperation;
use kms_alias::{Effect, Operation};

/// A step, by the number of the move that it is of.
#[derive(Clone, Copy)]
pub(super) struct Act {
    pub(super) number: usize,
    pub(super) part: Part,
}

/// Which step of its move it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Only,
    First,
    Second,
}

impl Act {
    /// What is asked for.
    pub(super) fn operation(self, of: &Move, keys: &Keys) -> Operation {
        let (operation, target) = match (of.route, self.part) {
            (Route::Gap { .. }, Part::First) | (Route::Delete { .. }, _) => {
                (KmsOperation::DeleteAlias, None)
            }
            (Route::Aside { third, .. }, Part::First) => {
                let third = keys.ids.get(third).copied();
                (KmsOperation::UpdateAlias, third.map(Into::into))
            }
            (Route::Create { to } | Route::Gap { to, .. }, _) => {
                (KmsOperation::CreateAlias, Some(to.named))
            }
            (Route::Update { to, .. } | Route::Aside { to, .. }, _) => {
                (KmsOperation::UpdateAlias, Some(to.named))
            }
        };
        request(operation, of.alias_name.clone(), target)
    }

    /// What comes of it, by what the machine did; `other` is the place of the move's other step.
    pub(super) fn effect(self, of: &Move, done: &Effect, other: usize) -> Option<StepEffect> {
        Some(match (done, self.part) {
            (
                Effect::AliasCreated {
                    target_key_id: to, ..
                },
                Part::Second,
            ) => StepEffect::GapCloses {
                to: *to,
                since: other,
            },
            (
                Effect::AliasCreated {
                    target_key_id: to, ..
                },
                _,
            ) => StepEffect::Appears { to: *to },
            (Effect::AliasUpdated { from, to, .. }, part) => {
                let (from, to) = (*from, *to);
                match part {
                    Part::Only => StepEffect::Moves { from, to },
                    Part::First => StepEffect::StepsAside {
                        from,
                        to,
                        until: other,
                    },
                    Part::Second => StepEffect::StepsBack {
                        from,
                        to,
                        since: other,
                    },
                }
            }
            (Effect::AliasDeleted { alias }, part) => {
                let from = alias.target_key_id?;
                match (of.route, part) {
                    (Route::Gap { cause, .. }, Part::First) => StepEffect::GapOpens {
                        from,
                        until: other,
                        cause,
                    },
                    _ => StepEffect::Disappears { from },
                }
            }
            _ => return None,
        })
    }
}
