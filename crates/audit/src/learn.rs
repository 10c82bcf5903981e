//! What AWS did is a fact: the table follows it, whatever these rules say.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::answer::AwsError;
use super::compare::{Fit, fit};
use super::event::{Created, Event, Told, key_id, text};
use super::judge::{Judged, Judgement, key_of, state_said};
use super::known::Known;
use super::not_judged::NotJudged;
use super::question::Question;
use kms_alias::AliasTable;
use kms_alias::{AliasArn, AnyAliasName, KeyArn, KeyId, Region};
use kms_alias::{AliasListEntry, Change, Effect, Refusal};
use kms_alias::{KeyMetadata, KeyState, KeyStatus, MultiRegionRole, Timestamp, WaitingPeriod};
use kms_alias_files::changes::Member;

/// The account as AWS has it, so far as it is known.
pub(super) struct World {
    pub(super) table: AliasTable,
    pub(super) known: Known,
}

impl World {
    /// Lets table and knowledge follow an event that was judged.
    pub(super) fn learn(&mut self, event: &Event, judgement: &Judgement) {
        let state_unknown = matches!(judgement, Judgement::Not(NotJudged::StateNotShown));
        match event.answer() {
            Ok(told) => {
                if state_unknown {
                    self.adopt_state(event, |_| Some(KeyState::Enabled));
                }
                match judgement {
                    Judgement::Judged(Judged {
                        ours: Ok(Some(change)),
                        ..
                    }) => self.follow(change),
                    _ => self.happen(event, told),
                }
                self.adopt_told(event, told);
            }
            Err(error) if state_unknown => self.adopt_state(event, |key| state_said(key, error)),
            Err(error) => self.heed(event, error),
        }
    }

    /// Does a change that these rules foresaw.
    fn follow(&mut self, change: &Change) {
        // It was foreseen on this very table, which takes it.
        let _ = self.table.replay(change);
        match change.effect() {
            Effect::AliasDeleted { alias } => self.known.alias_absent(alias.alias_name.as_str()),
            Effect::KeyDeleted { key, aliases } => {
                self.known.key_gone(key.key_id());
                for alias in aliases {
                    self.known.alias_absent(alias.alias_name.as_str());
                }
            }
            Effect::AliasCreated { .. }
            | Effect::AliasUpdated { .. }
            | Effect::AwsAliasPut { .. }
            | Effect::UndescribedKeyInserted { .. }
            | Effect::UndescribedKeyRemoved { .. }
            | Effect::KeyInserted { .. }
            | Effect::KeyDescribed { .. }
            | Effect::KeyRemoved { .. }
            | Effect::KeyChanged { .. } => {}
        }
    }

    /// Does what these rules did not foresee.
    fn happen(&mut self, event: &Event, told: &Told) {
        let members = event.request().map(|request| &request.members);
        let name = members.and_then(|members| text(members.alias_name.as_ref()));
        let target = members.and_then(|members| text(members.target_key_id.as_ref()));
        let target = target.and_then(key_id).or(event.key());
        match (event.name(), name) {
            ("CreateAlias" | "UpdateAlias", Some(name)) => {
                if let Some(target) = target {
                    self.stand(name, target, event.time());
                }
            }
            ("DeleteAlias", Some(name)) => self.go(name),
            ("CreateKey", _) => self.make_key(told),
            _ => self.happen_to_key(event),
        }
    }

    fn happen_to_key(&mut self, event: &Event) {
        let asked = event
            .request()
            .and_then(|request| text(request.members.key_id.as_ref()));
        let Some(key_id) = asked.and_then(key_id).or(event.key()) else {
            return;
        };
        if event.name() == "DeleteKey" {
            return self.delete_key(key_id);
        }
        match self.table.key(key_id).cloned() {
            Some(key) => {
                if let Some(after) = after(event, &key) {
                    self.change_key(key, after);
                }
            }
            // A call that names it by ID or ARN and succeeds shows that it is there.
            None if event.key() == Some(key_id) => self.known.key_exists(key_id),
            None => {}
        }
    }

    /// Does an effect that is a fact; a table that cannot hold it stays as it is.
    fn record(&mut self, effect: Effect) {
        let sequence = self.table.sequence().wrapping_add(1);
        let _ = self.table.replay(&Change::new(sequence, effect));
    }

    /// An alias names a key.
    fn stand(&mut self, name: &str, target_key_id: KeyId, at: Timestamp) {
        let Ok(alias_name) = name.parse::<AnyAliasName>() else {
            return;
        };
        if self.table.key(target_key_id).is_none() {
            self.go(name);
            self.known.key_exists(target_key_id);
            return self.known.alias_exists(name);
        }
        let present = self.table.get(name).map(|alias| alias.to_entry());
        if let (None, Ok(alias_name)) = (&present, alias_name.clone().try_into()) {
            // What AWS did is a fact; a table that cannot hold it stays as it is.
            let _ = self.table.put_aws_alias(alias_name, target_key_id, at);
            return;
        }
        let effect = match present {
            None => Effect::AliasCreated {
                alias_name,
                target_key_id,
                at,
            },
            Some(present) => match present.target_key_id {
                Some(from) => Effect::AliasUpdated {
                    alias_name,
                    from,
                    to: target_key_id,
                    updated_before: present.last_updated_date,
                    at,
                },
                // One of AWS's own, whose key only AWS's use of it shows (rule L5).
                None => return,
            },
        };
        self.record(effect);
    }

    /// An alias stands no more.
    fn go(&mut self, name: &str) {
        let alias = self.table.get(name).map(|alias| alias.to_entry());
        if let Some(alias) = alias {
            self.record(Effect::AliasDeleted { alias });
        }
        self.known.alias_absent(name);
    }

    fn make_key(&mut self, told: &Told) {
        match &told.created {
            Some(Created::Key(key)) => {
                let key_id = key.key_id();
                if self.table.insert_key((**key).clone()).is_ok() {
                    self.known.key_made(key_id);
                }
            }
            Some(Created::Unreadable(key_id)) => self.known.key_exists(*key_id),
            None => {}
        }
    }

    fn delete_key(&mut self, key_id: KeyId) {
        let aliases = self.table.aliases_of(key_id);
        let aliases: Vec<AliasListEntry> = aliases.map(|alias| alias.to_entry()).collect();
        for alias in &aliases {
            self.known.alias_absent(alias.alias_name.as_str());
        }
        match self.table.key(key_id).cloned().map(Box::new) {
            Some(key) => self.record(Effect::KeyDeleted { key, aliases }),
            // Of a key that is not described no single effect tells it.
            None => {
                for alias in aliases {
                    self.record(Effect::AliasDeleted { alias });
                }
                self.record(Effect::UndescribedKeyRemoved { key_id });
            }
        }
        self.known.key_gone(key_id);
    }

    fn change_key(&mut self, before: KeyMetadata, after: KeyMetadata) {
        if before != after {
            self.record(Effect::KeyChanged {
                before: Box::new(before),
                after: Box::new(after),
            });
        }
    }

    /// Sets the state of an event's key to what it must be.
    fn adopt_state(&mut self, event: &Event, state: impl Fn(&KeyMetadata) -> Option<KeyState>) {
        let question = Question::of(event, self.table.reserved_names());
        let key = question
            .ok()
            .and_then(|question| key_of(&self.table, &question).cloned());
        if let Some(key) = key
            && let Some(state) = state(&key)
            && let Some(after) = in_state(&key, state.into())
        {
            self.change_key(key, after);
        }
    }

    /// Sets the state that the answer itself tells (rule S4).
    fn adopt_told(&mut self, event: &Event, told: &Told) {
        let key = event
            .key()
            .and_then(|key_id| self.table.key(key_id))
            .cloned();
        if let (Some(key), Some(state)) = (key, told.key_state)
            && key.state() != state
            && let Some(after) = in_state(&key, state.into())
        {
            self.change_key(key, after);
        }
    }

    /// What a refusal shows of what the table does not hold.
    fn heed(&mut self, event: &Event, error: &AwsError) {
        let Some(members) = event.request().map(|request| &request.members) else {
            return;
        };
        let scope = self.table.scope();
        if let Some(name) = text(members.alias_name.as_ref())
            && let Ok(alias_name) = name.parse::<AnyAliasName>()
            && self.table.get(name).is_none()
        {
            let alias = AliasArn::new(scope, alias_name);
            let not_found = Refusal::AliasNotFound {
                alias: alias.clone(),
            };
            if fit(&Refusal::AlreadyExists { alias }, error) > Fit::No {
                self.known.alias_exists(name);
            } else if fit(&not_found, error) == Fit::Words {
                self.known.alias_absent(name);
            }
        }
        let named = [&members.target_key_id, &members.key_id].into_iter();
        let mut named = named.filter_map(|member| text(member.as_ref()).and_then(key_id));
        if let Some(key_id) = named.next()
            && self.table.key(key_id).is_none()
        {
            let key = KeyArn::new(scope, key_id);
            if fit(&Refusal::KeyNotFound { key }, error) == Fit::Words {
                self.known.key_gone(key_id);
            }
        }
    }
}

/// A key after an event that succeeded, if the event changes it.
fn after(event: &Event, key: &KeyMetadata) -> Option<KeyMetadata> {
    let status = match event.name() {
        "EnableKey" => KeyStatus::Enabled,
        "DisableKey" | "CancelKeyDeletion" => KeyStatus::Disabled,
        "ScheduleKeyDeletion" => KeyStatus::PendingDeletion {
            deletion_date: Some(deletion_date(event)),
        },
        "ImportKeyMaterial" if key.state() == KeyState::PendingImport => KeyStatus::Enabled,
        "DeleteImportedKeyMaterial" | "DeleteExpiredKeyMaterial"
            if matches!(key.state(), KeyState::Enabled | KeyState::Disabled) =>
        {
            KeyStatus::PendingImport
        }
        "ReplicateKey" => return with_one_more_replica(key),
        "UpdatePrimaryRegion" => return with_role(key, role_after_move(event, key)),
        _ => return None,
    };
    in_state(key, status)
}

fn deletion_date(event: &Event) -> Timestamp {
    let days = event
        .request()
        .and_then(|request| request.members.pending_window_in_days.as_ref());
    let period = match days {
        Some(Member::Integer(days)) => WaitingPeriod::from_days(*days),
        _ => None,
    };
    event
        .time()
        .plus_days(period.unwrap_or_default().days().into())
}

/// A key in another status; one that waits for replicas has some.
fn in_state(key: &KeyMetadata, status: KeyStatus) -> Option<KeyMetadata> {
    key.with_status(status).ok().or_else(|| {
        let primary = MultiRegionRole::Primary { replicas: 1 };
        with_role(key, primary)?.with_status(status).ok()
    })
}

fn with_one_more_replica(key: &KeyMetadata) -> Option<KeyMetadata> {
    match key.multi_region_role() {
        Some(MultiRegionRole::Primary { replicas }) => {
            let replicas = replicas.saturating_add(1);
            with_role(key, MultiRegionRole::Primary { replicas })
        }
        _ => None,
    }
}

fn role_after_move(event: &Event, key: &KeyMetadata) -> MultiRegionRole {
    let to = event
        .request()
        .and_then(|request| text(request.primary_region.as_ref()));
    let to = to.and_then(|region| region.parse::<Region>().ok());
    if to.is_some_and(|region| region != key.arn().scope().region()) {
        MultiRegionRole::Replica
    } else {
        MultiRegionRole::Primary { replicas: 1 }
    }
}

/// The same key in another role among its related keys.
fn with_role(key: &KeyMetadata, role: MultiRegionRole) -> Option<KeyMetadata> {
    let builder = KeyMetadata::builder(key.arn())
        .spec(key.spec())
        .usage(key.usage())
        .origin(key.origin())
        .manager(key.manager())
        .status(key.status())
        .multi_region_role(role);
    let builder = match key.creation_date() {
        Some(at) => builder.creation_date(at),
        None => builder,
    };
    builder.build().ok()
}
