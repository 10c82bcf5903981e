//! Small worlds, wholly: every operation in every state of them, against the model.

use kms_alias_testing::{model, size};

use std::collections::HashSet;

use kms_alias::{
    AliasTable, KeyManager, KeySpec, KeyState, KeyUsage, ListAliases, ListKeys, Operation, Origin,
    Timestamp,
};
use model::adaptor::{assert_agree, assert_same, build, moment, parsed, read, table};
use model::key::{MANAGERS, ORIGINS, SPECS, STATES, USAGES, every_key};
use model::{Alias, Key, Model, Request, Role, states};

const SINGLE: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
const OTHER: &str = "0987dcba-09fe-87dc-65ba-ab0987654321";
const REPLICATED: &str = "mrk-1234abcd12ab34cd56ef1234567890ab";
const ROLES: [Role; 4] = [
    Role::Single,
    Role::Primary(0),
    Role::Primary(1),
    Role::Replica,
];
const NAME: &str = "alias/a";
const AT: i64 = 1_700_000_000_000;

/// The small worlds are of the model's names: one that it lacks would be tried nowhere.
#[test]
fn the_model_has_every_name_of_states_specs_and_the_others_m_s8() {
    let sorted = |names: &[&'static str]| {
        let mut names = names.to_vec();
        names.sort_unstable();
        names
    };
    let specs = SPECS.map(|(spec, ..)| spec);
    for (of_the_model, all) in [
        (&STATES[..], KeyState::NAMES),
        (&ORIGINS[..], Origin::NAMES),
        (&MANAGERS[..], KeyManager::NAMES),
        (&USAGES[..], KeyUsage::NAMES),
        (&specs[..], KeySpec::NAMES),
    ] {
        assert_eq!(sorted(of_the_model), sorted(all));
    }
}

fn empty(partition: &str) -> Model {
    match partition {
        "aws-cn" => Model::new(["aws-cn", "cn-north-1", "111122223333"]),
        _ => Model::new(["aws", "eu-west-3", "111122223333"]),
    }
}

fn standing_on(key_id: &str) -> Alias {
    Alias {
        target: Some(key_id.to_owned()),
        created: Some(1),
        updated: Some(2),
    }
}

/// Everything that can be asked or can happen, with these names and keys.
fn requests(names: &[&str], key_ids: &[&str]) -> Vec<Request> {
    let lives = [
        "EnableKey",
        "DisableKey",
        "ScheduleKeyDeletion",
        "CancelKeyDeletion",
        "DeleteKey",
    ];
    let mut all = Vec::new();
    for name in names {
        all.push(Request::delete_alias(name));
        for key_id in key_ids {
            all.push(Request::alias("CreateAlias", name, key_id));
            all.push(Request::alias("UpdateAlias", name, key_id));
        }
    }
    for key_id in key_ids {
        all.extend(lives.map(|operation| Request::key(operation, key_id)));
        all.extend(STATES.map(|state| Request::set_state(key_id, state)));
    }
    all
}

/// The laws of one step: a check says what an application does, a refusal changes nothing, and
/// what is done can be undone and done again. The table is left as it was; what came of it is
/// given, if anything did.
#[track_caller]
fn step(
    table: &mut AliasTable,
    before: &AliasTable,
    model: &Model,
    (request, operation): &(Request, Operation),
) -> Option<(AliasTable, Model)> {
    const NOW: Timestamp = moment(AT);
    let foreseen = table.check(operation, NOW);
    let done = table.apply(operation, NOW);
    assert_eq!(done, foreseen, "{request:?}");
    assert_same(&done, &model.check(request, AT), request);
    let Ok(change) = done else {
        assert!(table == before, "{request:?} is refused and changes");
        return None;
    };
    let after = table.clone();
    table.undo(&change).expect("the newest change");
    assert!(table == before, "{request:?} is undone");
    table.replay(&change).expect("the next change");
    assert!(*table == after, "{request:?} is replayed");
    table.undo(&change).expect("the newest change");
    let mut next = model.clone();
    next.apply(request, AT).expect("a step of the model's");
    Some((after, next))
}

fn readable(model: &Model, requests: Vec<Request>) -> Vec<(Request, Operation)> {
    let names = model::adaptor::reserved_names(model);
    let read = |request: Request| {
        let operation = read(&request, names).expect("an operation");
        (request, operation)
    };
    requests.into_iter().map(read).collect()
}

/// Every request on this world, and every call on its keys.
#[track_caller]
fn compare(model: &Model, requests: &[(Request, Operation)]) -> usize {
    let before = table(model);
    let mut table = before.clone();
    assert_agree(&table, model);
    for request in requests {
        if let Some((after, next)) = step(&mut table, &before, model, request) {
            assert_agree(&after, &next);
        }
    }
    requests.len()
}

#[test]
fn the_builder_refuses_what_the_model_calls_impossible_k2_m_s1_s4() {
    let (mut possible, mut impossible) = (0, 0);
    for model in ["aws", "aws-cn"].map(empty) {
        for key_id in [SINGLE, REPLICATED] {
            for key in every_key(key_id, &ROLES) {
                // A multi-Region key of no role said is a primary to the builder.
                if key_id == REPLICATED && key.role == Role::Single {
                    continue;
                }
                let broken = key.broken_rules(key_id, &model.scope[0]);
                match build(&model, key_id, &key) {
                    Ok(_) => assert!(broken.is_empty(), "{broken:?}: {key:?}"),
                    Err(error) => {
                        let rule = error.rule().number();
                        assert!(broken.contains(&rule), "{rule}, {broken:?}: {key:?}");
                    }
                }
                possible += usize::from(broken.is_empty());
                impossible += usize::from(!broken.is_empty());
            }
        }
    }
    assert_eq!((possible, impossible), (4484, 85_116));
}

/// The possible symmetric keys over states, managers, origins and roles.
fn symmetric_keys() -> Vec<(&'static str, Key)> {
    let mut keys = Vec::new();
    for key_id in [SINGLE, REPLICATED] {
        for role in ROLES {
            for origin in ORIGINS {
                for manager in MANAGERS {
                    let key = Key {
                        origin,
                        manager,
                        role,
                        ..Key::plain(key_id)
                    };
                    keys.extend(STATES.map(|state| (key_id, key.in_state(state))));
                }
            }
        }
    }
    keys.retain(|(key_id, key)| key.broken_rules(key_id, "aws").is_empty());
    keys
}

/// A world of one key and a plain one, the alias absent, on the key, or on the plain one.
fn with_alias_on(key_id: &str, key: &Key, on: Option<&str>) -> Model {
    let mut model = empty("aws");
    model.insert_key(OTHER, Key::plain(OTHER)).expect("a key");
    model.insert_key(key_id, key.clone()).expect("a key");
    if let Some(on) = on {
        model.put_alias(NAME, standing_on(on));
    }
    model
}

#[test]
fn every_operation_on_every_key_state_manager_and_origin_t4_t5_s7_s8() {
    let mut count = 0;
    for (key_id, key) in symmetric_keys() {
        let all = readable(&empty("aws"), requests(&[NAME], &[key_id, OTHER]));
        for on in [None, Some(key_id), Some(OTHER)] {
            count += compare(&with_alias_on(key_id, &key, on), &all);
        }
    }
    assert_eq!(count, 9300);
}

#[test]
fn every_call_on_every_key_state_by_key_and_by_alias_s6_s8() {
    let mut count = 0;
    for (key_id, key) in symmetric_keys() {
        if key.manager == "AWS" {
            continue; // Their rule is S7.
        }
        let model = with_alias_on(key_id, &key, Some(key_id));
        let table = table(&model);
        let texts = [
            key_id.to_owned(),
            model.key_arn(key_id),
            NAME.to_owned(),
            model.alias_arn(NAME),
        ];
        for operation in states::operations() {
            for text in &texts {
                let used = table.check_use(parsed(operation), &parsed(text));
                assert_same(&used, &model.check_use(operation, text), &(operation, text));
                count += 1;
            }
        }
    }
    assert_eq!(count, 9000);
}

#[test]
fn a_call_that_changes_the_life_of_an_aws_managed_key_is_refused_s7() {
    let (mut model, key_id) = (empty("aws"), SINGLE);
    let key = Key {
        manager: "AWS",
        ..Key::plain(key_id)
    };
    model.insert_key(key_id, key).expect("a new key");
    for operation in [
        "EnableKey",
        "DisableKey",
        "ScheduleKeyDeletion",
        "CancelKeyDeletion",
    ] {
        let table = table(&model);
        let used = table.check_use(parsed(operation), &parsed(key_id));
        assert_same(&used, &model.check_use(operation, key_id), &operation);
    }
}

#[test]
fn a_limit_is_within_bounds_or_absent_l2() {
    let mut model = empty("aws");
    model.quota = 2000;
    model
        .insert_key(SINGLE, Key::plain(SINGLE))
        .expect("a new key");
    for number in 0..1100 {
        let key_id = format!("{number:08x}-0000-4000-8000-000000000000");
        model
            .insert_key(&key_id, Key::plain(&key_id))
            .expect("a new key");
        let create = Request::alias("CreateAlias", &format!("alias/{number}"), SINGLE);
        model.apply(&create, 0).expect("a new alias");
    }
    let table = table(&model);
    let bounds = [
        0,
        1,
        2,
        49,
        50,
        51,
        99,
        100,
        101,
        999,
        1000,
        1001,
        -1,
        i64::MIN,
        i64::MAX,
    ];
    for limit in bounds.map(Some).into_iter().chain([None]) {
        let aliases =
            ListAliases::parse(None, limit, None).and_then(|request| table.list_aliases(&request));
        let aliases = aliases.map(|page| (page.aliases.len(), page.next_marker.is_some()));
        let expected = model.list_aliases(None, limit, None);
        assert_same(&aliases, &expected, &limit);
        assert_eq!(
            aliases.ok(),
            expected.ok().map(|page| page.size()),
            "{limit:?}"
        );
        let keys = ListKeys::parse(limit, None).map(|request| table.list_keys(&request));
        let keys = keys.map(|page| (page.keys.len(), page.next_marker.is_some()));
        let expected = model.list_keys(limit, None);
        assert_same(&keys, &expected, &limit);
        assert_eq!(
            keys.ok(),
            expected.ok().map(|page| page.size()),
            "{limit:?}"
        );
    }
}

/// Every pair of spec and usage that a key can have, in China, where SM2 is.
fn specs_and_usages() -> Vec<Key> {
    let mut keys = Vec::new();
    for (spec, ..) in SPECS {
        keys.extend(USAGES.map(|usage| Key {
            spec,
            usage,
            ..Key::plain(SINGLE)
        }));
    }
    keys.retain(|key| key.broken_rules(SINGLE, "aws-cn").is_empty());
    keys
}

#[test]
fn every_update_from_spec_and_usage_to_spec_and_usage_u3_u4() {
    let keys = specs_and_usages();
    let all = readable(
        &empty("aws-cn"),
        vec![Request::alias("UpdateAlias", NAME, OTHER)],
    );
    let (mut count, mut done) = (0, 0);
    for from in &keys {
        for to in &keys {
            let mut model = empty("aws-cn");
            model.insert_key(SINGLE, from.clone()).expect("a key");
            model.insert_key(OTHER, to.clone()).expect("a key");
            model.put_alias(NAME, standing_on(SINGLE));
            count += compare(&model, &all);
            done += usize::from(model.check(&all[0].0, AT).is_ok());
        }
    }
    // Of one type and usage are 1, 4, 12, 4, 4 and 3 of them, whose squares make the last number.
    assert_eq!((keys.len(), count, done), (28, 28 * 28, 202));
}

/// Three keys of unlike lives, no alias, and a quota.
fn small_world(quota: usize) -> Model {
    let mut model = empty("aws");
    model.quota = quota;
    let in_store = Key {
        origin: "AWS_CLOUDHSM",
        ..Key::plain(SINGLE)
    };
    let of_rsa = Key {
        spec: "RSA_2048",
        ..Key::plain(OTHER)
    };
    let primary = Key {
        role: Role::Primary(1),
        ..Key::plain(REPLICATED)
    };
    model.insert_key(SINGLE, in_store).expect("a key");
    model.insert_key(OTHER, of_rsa).expect("a key");
    model.insert_key(REPLICATED, primary).expect("a key");
    model
}

/// A world's names, the quota, which is one less, and how many states, requests and changes there are.
type Extent = (&'static [&'static str], usize, (usize, usize, usize));
const TWO_NAMES: Extent = (&["alias/a", "alias/b"], 1, (4_819, 255_407, 100_236));
const THREE_NAMES: Extent = (
    &["alias/a", "alias/b", "alias/c"],
    2,
    (21_323, 1_279_380, 500_446),
);

/// All happens at one time, so dates do not multiply the states.
#[test]
fn every_reachable_state_of_a_small_world_keeps_the_laws() {
    let (names, quota, expected) = size(TWO_NAMES, THREE_NAMES);
    let start = small_world(quota);
    let all = readable(&start, requests(names, &[SINGLE, OTHER, REPLICATED]));
    let mut seen = HashSet::from([start.clone()]);
    let mut waiting = vec![(table(&start), start)];
    let (mut asked, mut done) = (0, 0);
    while let Some((mut table, model)) = waiting.pop() {
        let before = table.clone();
        for request in &all {
            asked += 1;
            let Some((after, next)) = step(&mut table, &before, &model, request) else {
                continue;
            };
            done += 1;
            if seen.insert(next.clone()) {
                assert_agree(&after, &next);
                assert_eq!(after.snapshot().into_table().as_ref(), Ok(&after));
                waiting.push((after, next));
            }
        }
    }
    assert_eq!((seen.len(), asked, done), expected);
}
