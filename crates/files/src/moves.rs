//! What moves of aliases do beside what KMS refuses (rules F2, F3, F4).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::account::Accounts;
use crate::advice::{Advice, AdviceRule};
use crate::left_behind;
use crate::named_key::standing_key;
use crate::stays;
use kms_alias::{AnyAliasName, KeyId};
use kms_alias_foresee::verdict::{
    KeyFacts, KeyReference, Place, Request, Run, RunStep, name_shown,
};

/// A key, as far as two references can be told to name the same one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    Standing(KeyId),
    Made(usize),
}

/// An alias that a run moves away from its key.
struct Move<'r> {
    /// The steps that it is made of.
    steps: Vec<usize>,
    address: &'r str,
    place: Place,
    name: &'r str,
    from: KeyId,
    to: Option<Named>,
}

/// What is to be said of the moves of a run.
pub(crate) fn advice(run: &Run, accounts: &Accounts) -> Vec<Advice> {
    let moves = moves(run, accounts);
    let mut advice = dying(run, &moves);
    advice.extend(stays::advice(run, accounts));
    for one in &moves {
        advice.extend(broken(one, run, accounts));
    }
    advice.extend(replicas(run, accounts));
    advice
}

fn named(reference: &KeyReference) -> Option<Named> {
    match reference {
        KeyReference::MadeBy(step) => Some(Named::Made(*step)),
        other => standing_key(other).map(Named::Standing),
    }
}

/// The known name and the key of a request that puts an alias on a key.
fn put(request: &Request) -> Option<(&str, Option<Named>)> {
    let (_, target) = request.references();
    Some((request.alias_name()?, named(target?)))
}

fn address(step: &RunStep) -> &str {
    step.address.as_deref().unwrap_or_default()
}

/// The aliases that a run gives another key: by an update, or deleted and made again.
fn moves<'r>(run: &'r Run, accounts: &Accounts) -> Vec<Move<'r>> {
    let mut deleted: BTreeMap<(Place, &str), usize> = BTreeMap::new();
    for (number, step) in run.steps.iter().enumerate() {
        if let Request::DeleteAlias { .. } = &step.request {
            let name = step.request.alias_name();
            deleted.extend(name.map(|name| ((step.place, name), number)));
        }
    }
    let mut moves = Vec::new();
    for (number, step) in run.steps.iter().enumerate() {
        let Some((name, to)) = put(&step.request) else {
            continue;
        };
        let mut steps = Vec::from([number]);
        if let Request::CreateAlias { .. } = &step.request {
            let Some(before) = deleted.get(&(step.place, name)) else {
                continue;
            };
            steps.push(*before);
        }
        let name_before = name.parse::<AnyAliasName>().ok();
        let from = name_before.and_then(|name| accounts.key_of_alias(&step.place, &name));
        let Some(from) = from.filter(|from| to != Some(Named::Standing(*from))) else {
            continue;
        };
        moves.push(Move {
            steps,
            address: address(step),
            place: step.place,
            name,
            from,
            to,
        });
    }
    moves
}

/// Keys that are scheduled for deletion while an alias moves away from them (rule F2).
fn dying(run: &Run, moves: &[Move<'_>]) -> Vec<Advice> {
    let mut left: BTreeMap<(Place, KeyId), Vec<&Move<'_>>> = BTreeMap::new();
    for one in moves {
        left.entry((one.place, one.from)).or_default().push(one);
    }
    let mut advice = Vec::new();
    for (number, step) in run.steps.iter().enumerate() {
        let Request::ScheduleKeyDeletion { key_id, .. } = &step.request else {
            continue;
        };
        let Some(key) = standing_key(key_id) else {
            continue;
        };
        for one in left.get(&(step.place, key)).into_iter().flatten() {
            let words = format!(
                "key {key} is scheduled for deletion in the run in which {} moves away from it: what was made under \
                 it can no longer be decrypted or verified; keep the key until nothing needs it",
                name_shown(one.name)
            );
            let steps = [&one.steps[..], &[number]].concat();
            let about = Advice::about(address(step), AdviceRule::F2, words);
            advice.push(about.where_done(&steps));
        }
    }
    advice
}

/// What a move breaks for data that was made before it (rule F3).
fn broken(one: &Move<'_>, run: &Run, accounts: &Accounts) -> Option<Advice> {
    let old = accounts.facts_of(&one.place, &one.from);
    let new = match &one.to {
        Some(Named::Standing(key)) => accounts.facts_of(&one.place, key),
        Some(Named::Made(maker)) => left_behind::made(run, *maker),
        None => KeyFacts::default(),
    };
    // What is not updated is deleted and made again.
    let fails = left_behind::fails(&old, &new, one.steps.len() == 1)?;
    let to = match &one.to {
        Some(Named::Standing(key)) => format!(" to {key}"),
        _ => String::new(),
    };
    let words = format!(
        "{} moves{to}: of data that was made under {}, {fails}; name the old key by its ID until none is left",
        name_shown(one.name),
        one.from
    );
    Some(Advice::about(one.address, AdviceRule::F3, words).where_done(&one.steps))
}

/// Aliases of a multi-Region key that its replicas lack (rule F4).
///
/// Related keys have one ID in several Regions.
fn replicas(run: &Run, accounts: &Accounts) -> Vec<Advice> {
    let mut of_key: BTreeMap<KeyId, BTreeMap<Place, BTreeSet<String>>> = BTreeMap::new();
    let mut gone: BTreeSet<(Place, &str)> = BTreeSet::new();
    for step in &run.steps {
        if let Request::DeleteAlias { .. } = &step.request {
            gone.extend(step.request.alias_name().map(|name| (step.place, name)));
        }
        if let Some((name, Some(Named::Standing(key)))) = put(&step.request) {
            let places = of_key.entry(key).or_default();
            let names = places.entry(step.place).or_default();
            names.insert(name.to_string());
        }
    }
    for (place, knowledge) in accounts.iter() {
        for key in accounts.keys_at(place).filter(KeyId::is_multi_region) {
            let names = of_key.entry(key).or_default().entry(*place).or_default();
            let table = knowledge.table().aliases_of(&key);
            names.extend(table.map(|alias| alias.name().to_string()));
        }
    }
    missing(&of_key, &gone, run)
}

/// The names that one of related keys has and another lacks, where the run makes or moves them.
fn missing(
    of_key: &BTreeMap<KeyId, BTreeMap<Place, BTreeSet<String>>>,
    gone: &BTreeSet<(Place, &str)>,
    run: &Run,
) -> Vec<Advice> {
    let mut advice = Vec::new();
    for (number, step) in run.steps.iter().enumerate() {
        let Some((name, Some(Named::Standing(key)))) = put(&step.request) else {
            continue;
        };
        if !key.is_multi_region() {
            continue;
        }
        let related = of_key.get(&key).into_iter().flatten();
        for (place, names) in related.filter(|(place, _)| **place != step.place) {
            if !names.contains(name) || gone.contains(&(*place, name)) {
                let region = place
                    .region
                    .map_or_else(|| "another Region".to_string(), |it| it.to_string());
                let about = Advice::about(address(step), AdviceRule::F4, without(name, &region));
                advice.push(about.where_done(&[number]));
            }
        }
    }
    advice.extend(new_replicas(run));
    advice
}

fn without(name: &str, region: &str) -> String {
    format!(
        "the related key in {region} has no alias {}: an alias is not replicated, and code that runs there does \
         not find the key by this name; add an alias there",
        name_shown(name)
    )
}

/// The names of the keys that the run makes: those of a primary that its new replica lacks.
fn new_replicas(run: &Run) -> Vec<Advice> {
    let mut names: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    for step in &run.steps {
        if let Some((name, Some(Named::Made(made)))) = put(&step.request) {
            names.entry(made).or_default().insert(name);
        }
    }
    let mut advice = Vec::new();
    for (number, step) in run.steps.iter().enumerate() {
        let Request::ReplicateKey {
            primary: KeyReference::MadeBy(primary),
            ..
        } = &step.request
        else {
            continue;
        };
        let own = names.get(&number);
        for name in names.get(primary).into_iter().flatten() {
            if own.is_none_or(|own| !own.contains(name)) {
                let region = step
                    .place
                    .region
                    .map_or_else(|| "its Region".to_string(), |it| it.to_string());
                let words = without(name, &region);
                advice.push(Advice::about(address(step), AdviceRule::F4, words));
            }
        }
    }
    advice
}
