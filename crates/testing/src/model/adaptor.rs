//! The one place that knows both the model and the crate.

use kms_alias::{
    AccountId, AliasListEntry, AliasTable, Change, ImpossibleKey, KeyArn, KeyId, KeyManager,
    KeyMetadata, KeyState, KeyStatus, KmsOperation, ListAliases, ListKeys, MultiRegionRole,
    Operation, Origin, Refusal, Region, RequestText, ReservedNames, ReturnsTo, Scope, Snapshot,
    Timestamp, WaitingPeriod,
};

use super::list::Page;
use super::{Alias, Key, Model, Refused, Request, Role};

/// Parses what the model has as text.
#[track_caller]
pub fn parsed<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect(text)
}

fn scope(model: &Model) -> Scope {
    let [_, region, account] = &model.scope;
    Scope::new(parsed::<Region>(region), parsed::<AccountId>(account))
}

pub const fn moment(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn role(role: Role) -> Option<MultiRegionRole> {
    match role {
        Role::Single => None,
        Role::Primary(replicas) => Some(MultiRegionRole::Primary { replicas }),
        Role::Replica => Some(MultiRegionRole::Replica),
    }
}

fn status(key: &Key) -> KeyStatus {
    match key.state {
        "PendingDeletion" => KeyStatus::PendingDeletion {
            deletion_date: key.due.map(moment),
        },
        "PendingReplicaDeletion" => KeyStatus::PendingReplicaDeletion {
            waiting_period: key
                .waits
                .and_then(WaitingPeriod::from_days)
                .expect("a period"),
        },
        "Unavailable" => KeyStatus::Unavailable {
            returns_to: parsed::<ReturnsTo>(key.returns_to.expect("a state")),
        },
        state => parsed::<KeyState>(state).into(),
    }
}

/// The crate's key, as its builder makes it.
pub fn build(model: &Model, key_id: &str, key: &Key) -> Result<KeyMetadata, ImpossibleKey> {
    let arn = KeyArn::new(scope(model), parsed::<KeyId>(key_id));
    let mut builder = KeyMetadata::builder(arn)
        .spec(parsed(key.spec))
        .usage(parsed(key.usage))
        .origin(parsed::<Origin>(key.origin))
        .manager(parsed::<KeyManager>(key.manager))
        .status(status(key))
        .awaits_import(key.awaits_import);
    if let Some(role) = role(key.role) {
        builder = builder.multi_region_role(role);
    }
    builder.build()
}

fn entry(name: &str, alias: &Alias) -> AliasListEntry {
    let target = alias.target.as_deref().map(parsed::<KeyId>);
    let mut entry = AliasListEntry::new(parsed(name), target);
    entry.creation_date = alias.created.map(moment);
    entry.last_updated_date = alias.updated.map(moment);
    entry
}

pub fn reserved_names(model: &Model) -> ReservedNames {
    match model.reserved {
        "alias/aws" => ReservedNames::AliasAws,
        _ => ReservedNames::AliasAwsSlash,
    }
}

/// The table of a model, not yet changed.
#[track_caller]
pub fn table(model: &Model) -> AliasTable {
    let mut parts = Snapshot::new(scope(model));
    parts.reserved_names = reserved_names(model);
    parts.aliases_per_key = u32::try_from(model.quota).expect("a quota");
    let built = |(key_id, key): (&String, _)| build(model, key_id, key).expect("a possible key");
    parts.keys = model.keys.iter().map(built).collect();
    parts.undescribed_keys = model.undescribed.iter().map(|id| parsed(id)).collect();
    let entries = model.aliases.iter();
    parts.aliases = entries.map(|(name, alias)| entry(name, alias)).collect();
    parts.into_table().expect("a table")
}

/// Makes an operation of a request as the crate reads it.
pub fn read(request: &Request, reserved_names: ReservedNames) -> Result<Operation, Refusal> {
    let key_id = || parsed::<KeyId>(request.key_id.as_deref().expect("a key ID"));
    match request.operation {
        "DeleteKey" => Ok(Operation::DeleteKey { key_id: key_id() }),
        "SetKeyState" => Ok(Operation::SetKeyState {
            key_id: key_id(),
            state: parsed(request.state.expect("a state")),
        }),
        name => {
            let text = RequestText {
                alias_name: request.alias_name.as_deref(),
                target_key_id: request.target_key_id.as_deref(),
                key_id: request.key_id.as_deref(),
                pending_window_in_days: request.pending_window_in_days,
            };
            Operation::parse(parsed::<KmsOperation>(name), &text, reserved_names)
        }
    }
}

/// Reads a request and applies it.
pub fn ask(table: &mut AliasTable, request: &Request, at: i64) -> Result<Change, Refusal> {
    let operation = read(request, table.reserved_names())?;
    table.apply(&operation, moment(at))
}

/// Both refuse by the same rule, with the exception and the words that the rules have, or neither.
#[track_caller]
pub fn assert_same<T, U>(
    crates: &Result<T, Refusal>,
    models: &Result<U, Refused>,
    what: &dyn std::fmt::Debug,
) {
    match (crates, models) {
        (Ok(_), Ok(_)) => {}
        (Ok(_), Err(refused)) => panic!("{what:?}: the model refuses, {refused:?}"),
        (Err(refusal), Ok(_)) => panic!("{what:?}: the crate refuses, {refusal:?}"),
        (Err(refusal), Err(refused)) => {
            let Refused {
                rule,
                exception,
                message,
            } = refused;
            assert_eq!(refusal.rule().number(), *rule, "{what:?}: {refusal:?}");
            if let Some(exception) = exception {
                assert_eq!(refusal.exception(), *exception, "{what:?}");
            }
            if let Some(message) = message {
                assert_eq!(refusal.to_string(), *message, "{what:?}");
            }
        }
    }
}

/// The table holds what the model holds: keys, aliases, dates, counts and the names of each key.
#[track_caller]
pub fn assert_agree(table: &AliasTable, model: &Model) {
    assert_eq!(table.len(), model.aliases.len());
    assert_eq!(table.is_empty(), model.aliases.is_empty());
    assert_eq!(table.key_count(), model.keys.len());
    let undescribed = table.undescribed_keys().map(|key_id| key_id.to_string());
    assert!(undescribed.eq(model.undescribed.iter().cloned()));
    for (alias, (name, expected)) in table.iter().zip(&model.aliases) {
        assert_eq!(alias.to_entry(), entry(name, expected));
    }
    for (key, (key_id, expected)) in table.keys().zip(&model.keys) {
        let expected = build(model, key_id, expected);
        assert_eq!(Ok(key), expected.as_ref());
        let names: Vec<_> = table.aliases_of(key.key_id()).collect();
        let names = names.iter().map(|alias| alias.name());
        assert!(names.eq(model.names_of(key_id)), "{key_id}");
    }
    for key_id in &model.undescribed {
        let names: Vec<_> = table.aliases_of(parsed::<KeyId>(key_id)).collect();
        let names = names.iter().map(|alias| alias.name());
        assert!(names.eq(model.names_of(key_id)), "{key_id}");
    }
}

/// One page as names, and the marker of the next.
pub fn page(
    table: &AliasTable,
    key_id: Option<&str>,
    limit: i64,
    marker: Option<&str>,
) -> Result<(Page, Option<String>), Refusal> {
    let page = table.list_aliases(&ListAliases::parse(key_id, Some(limit), marker)?)?;
    let entries = page.aliases.iter().map(|alias| alias.name().to_owned());
    let names = Page {
        entries: entries.collect(),
        truncated: page.next_marker.is_some(),
    };
    Ok((names, page.next_marker))
}

/// All pages of a list joined, each of which the model has to have alike.
#[track_caller]
pub fn joined(table: &AliasTable, model: &Model, key_id: Option<&str>, limit: i64) -> Vec<String> {
    let (mut all, mut marker) = (Vec::<String>::new(), None::<String>);
    loop {
        let by_crate = page(table, key_id, limit, marker.as_deref());
        let by_model = model.list_aliases(key_id, Some(limit), all.last().map(String::as_str));
        assert_same(&by_crate, &by_model, &(key_id, limit));
        let (Ok((page, next)), Ok(expected)) = (by_crate, by_model) else {
            return all;
        };
        assert_eq!(page, expected, "{key_id:?}, {limit}");
        all.extend(page.entries);
        match next {
            Some(next) => marker = Some(next),
            None => return all,
        }
    }
}

/// The keys by pages joined, each of which the model has to have alike.
#[track_caller]
pub fn joined_keys(table: &AliasTable, model: &Model, limit: i64) -> Vec<String> {
    let (mut all, mut marker) = (Vec::<String>::new(), None::<String>);
    loop {
        let request = ListKeys::parse(Some(limit), marker.as_deref()).expect("a request");
        let page = table.list_keys(&request);
        let expected = model.list_keys(Some(limit), all.last().map(String::as_str));
        let expected = expected.expect("a page");
        let ids: Vec<_> = page
            .keys
            .iter()
            .map(|key| key.key_id().to_string())
            .collect();
        assert_eq!(ids, expected.entries);
        assert_eq!(page.next_marker.is_some(), expected.truncated);
        all.extend(ids);
        match page.next_marker {
            Some(next) => marker = Some(next),
            None => return all,
        }
    }
}
