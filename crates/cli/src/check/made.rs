//! Aliases that a step puts on a key which the run itself makes: what works through them from then
//! on, as far as the run says what key that is (rules M, S6).

use kms_alias::{AliasTable, Effect, KeyArn, KeyId, KeyMetadata, KeyState, Origin, Scope};
use kms_alias_files::ReadRun;
use kms_alias_foresee::Impact;
use kms_alias_foresee::verdict::{Fact, KeyFacts, KeyReference, Request};

/// An alias comes to a key that has no ID yet.
pub struct Arrival {
    scope: Scope,
    effect: Effect,
    /// The key that the alias leads to before, if it is described.
    before: Option<KeyMetadata>,
}

impl Arrival {
    /// None if the effect brings no alias to a key.
    pub fn of(table: &AliasTable, effect: &Effect) -> Option<Self> {
        let before = match effect {
            Effect::AliasCreated { .. } => None,
            // What works through it before is not known.
            Effect::AliasUpdated { from, .. } => Some(table.key(*from)?.clone()),
            _ => return None,
        };
        Some(Self {
            scope: table.scope(),
            effect: effect.clone(),
            before,
        })
    }

    /// What it does, if the run says enough of the key that the step names.
    pub fn impact(&self, read: &ReadRun, step: usize) -> Option<Impact> {
        let key = key(made_by(read, step)?, self.scope, target(&self.effect)?)?;
        let mut table = AliasTable::new(self.scope);
        for key in self.before.iter().cloned().chain([key]) {
            table.insert_key(key).ok()?;
        }
        Some(Impact::if_it_happens(&table, &self.effect))
    }
}

const fn target(effect: &Effect) -> Option<KeyId> {
    match effect {
        Effect::AliasCreated { target_key_id, .. } => Some(*target_key_id),
        Effect::AliasUpdated { to, .. } => Some(*to),
        _ => None,
    }
}

/// What the run says of the key that a step names, if the run makes it.
fn made_by(read: &ReadRun, step: usize) -> Option<KeyFacts> {
    let target = match &read.run.steps.get(step)?.request {
        Request::CreateAlias { target_key_id, .. } | Request::UpdateAlias { target_key_id, .. } => {
            target_key_id
        }
        _ => return None,
    };
    let KeyReference::MadeBy(maker) = target else {
        return None;
    };
    match &read.run.steps.get(*maker)?.request {
        Request::CreateKey { key, open } | Request::ReplicateKey { key, open, .. } => {
            (!open.contains(&Fact::KeyState)).then_some(*key)
        }
        _ => None,
    }
}

/// The key as it is when it is made.
fn key(facts: KeyFacts, scope: Scope, key_id: KeyId) -> Option<KeyMetadata> {
    let origin = facts.origin?;
    let state = match (facts.state, facts.enabled) {
        (Some(state), _) => state,
        (None, Some(false)) => KeyState::Disabled,
        (None, _) if origin == Origin::External => KeyState::PendingImport,
        (None, _) => KeyState::Enabled,
    };
    let key = KeyMetadata::builder(KeyArn::new(scope, key_id))
        .spec(facts.spec?)
        .usage(facts.usage?)
        .origin(origin)
        .state(state);
    key.build().ok()
}
