//! A list of requests against the naive model.

use arbitrary::{Result, Unstructured};
use kms_alias::{AliasTable, Change};

use kms_alias_testing::invariants;
use kms_alias_testing::model::key::{STATES, every_key};
use kms_alias_testing::model::large::Numbers;
use kms_alias_testing::model::{Alias, Key, Model, Request, Role, adaptor};
use kms_alias_testing::watchdog;

const SCOPE: [&str; 3] = ["aws", "eu-west-3", "111122223333"];
const ARN: &str = "arn:aws:kms:eu-west-3:111122223333:key/";
pub(super) const KEY_IDS: [&str; 5] = [
    "1234abcd-12ab-34cd-56ef-1234567890ab",
    "0987dcba-09fe-87dc-65ba-ab0987654321",
    "5d0c7a19-3e42-4b8f-a6d1-09c2e7f4b385",
    "mrk-1234abcd12ab34cd56ef1234567890ab",
    "mrk-0987dcba09fe87dc65baab0987654321",
];
pub(super) const NAMES: [&str; 8] = [
    "alias/a",
    "alias/b",
    "alias/B",
    "alias/a/b",
    "alias/aws-prod",
    "alias/awsome",
    "alias/aws/s3",
    "alias/z-z_9",
];
const OPERATIONS: [&str; 9] = [
    "UpdateAlias",
    "CreateAlias",
    "DeleteAlias",
    "DisableKey",
    "EnableKey",
    "ScheduleKeyDeletion",
    "CancelKeyDeletion",
    "DeleteKey",
    "SetKeyState",
];
const ROLES: [Role; 4] = [
    Role::Single,
    Role::Primary(0),
    Role::Primary(2),
    Role::Replica,
];

/// Every request gets the model's verdict, by its rule, and leaves the model's listing; a refused
/// one changes nothing, a check says what applying does, and undoing everything restores the start.
pub fn table(data: &[u8]) {
    if let [begins, count, names, most, ..] = data
        && begins.is_multiple_of(8)
    {
        long_life(
            data.to_vec(),
            usize::from(*count),
            [*names, *most].map(usize::from),
        );
    }
    let mut u = Unstructured::new(data);
    // Bytes that end too early make a shorter list.
    let Ok(mut model) = world(&mut u) else { return };
    let start = adaptor::table(&model);
    let mut table = start.clone();
    let mut changes: Vec<Change> = Vec::new();
    let mut at = 0;
    while !u.is_empty() && changes.len() < 200 {
        let Ok(request) = request(&mut u) else { break };
        at += u.int_in_range(0..=40 * 24 * 60 * 60 * 1000).unwrap_or(1);
        changes.extend(step(&mut table, &mut model, &request, at));
    }
    adaptor::assert_agree(&table, &model);
    invariants::check(&table);
    for change in changes.iter().rev() {
        table.undo(change).expect("the newest change");
    }
    assert_eq!(table, start, "undo restores");
    for change in &changes {
        table.replay(change).expect("the next change");
    }
    adaptor::assert_agree(&table, &model);
}

/// Thousands of creates, moves and deletes, as four bytes ask for them: up to 4,080 of up to 256 names,
/// of which up to 256 stand at a time, against a map.
fn long_life(data: Vec<u8>, count: usize, [names, most]: [usize; 2]) {
    let seed = data.iter().fold(7, |seed: u64, byte| {
        seed.wrapping_mul(257).wrapping_add((*byte).into())
    });
    watchdog::ends("a long life", seed, move || {
        let mut model = Model::new(SCOPE);
        model.quota = 1_000;
        for key_id in &KEY_IDS[..2] {
            model
                .insert_key(key_id, Key::plain(key_id))
                .expect("a new key");
        }
        let (mut table, mut numbers) = (adaptor::table(&model), Numbers(seed));
        let names = u64::try_from(names).expect("a byte") + 1;
        for at in 0..16 * count {
            let number = numbers.below(names);
            let width = usize::try_from(number % 40).expect("a width");
            let name = format!("alias/{number:0width$}");
            let key_id = KEY_IDS[usize::from(numbers.below(2) == 0)];
            let stands = model.aliases.contains_key(&name);
            let request = match numbers.below(3) {
                0 if stands => Request::alias("UpdateAlias", &name, key_id),
                1 | 2 if !stands && model.aliases.len() <= most => {
                    Request::alias("CreateAlias", &name, key_id)
                }
                _ => Request::delete_alias(&name),
            };
            let at = i64::try_from(at).expect("a time");
            let applied = adaptor::ask(&mut table, &request, at);
            adaptor::assert_same(&applied, &model.apply(&request, at), &request);
        }
        adaptor::assert_agree(&table, &model);
        invariants::check(&table);
    });
}

/// A request to both.
fn step(table: &mut AliasTable, model: &mut Model, request: &Request, at: i64) -> Option<Change> {
    let before = table.clone();
    let checked = adaptor::read(request, table.reserved_names())
        .and_then(|operation| table.check(&operation, adaptor::moment(at)));
    let applied = adaptor::ask(table, request, at);
    assert_eq!(checked, applied, "check says what apply does");
    adaptor::assert_same(&applied, &model.apply(request, at), request);
    match applied {
        Ok(change) => Some(change),
        Err(_) => {
            assert_eq!(*table, before, "refused means unchanged");
            None
        }
    }
}

/// Keys and aliases, as the bytes choose them.
pub(super) fn world(u: &mut Unstructured<'_>) -> Result<Model> {
    let mut model = Model::new(SCOPE);
    model.reserved = u.choose(&["alias/aws", "alias/aws/"])?;
    model.quota = u.int_in_range(1..=4)?;
    for key_id in KEY_IDS {
        if let Some(key) = key(u, key_id)? {
            model.insert_key(key_id, key).expect("a key of its own");
        }
    }
    for name in NAMES {
        let target = *u.choose(&KEY_IDS)?;
        let is_aws = name.starts_with("alias/aws/");
        if u.ratio(1, 3)? && (is_aws || model.keys.contains_key(target)) {
            let dates =
                [u.arbitrary::<Option<i16>>()?, u.arbitrary()?].map(|date| date.map(i64::from));
            let target = (!is_aws || u.arbitrary()?).then(|| target.to_owned());
            model.put_alias(
                name,
                Alias {
                    target,
                    created: dates[0],
                    updated: dates[1],
                },
            );
        }
    }
    Ok(model)
}

/// A key, if the bytes choose one that can be.
fn key(u: &mut Unstructured<'_>, key_id: &str) -> Result<Option<Key>> {
    match u.int_in_range(0..=3)? {
        0 => Ok(None),
        1 => Ok(Some(Key::plain(key_id))),
        _ => {
            let keys = every_key(key_id, &[*u.choose(&ROLES)?]);
            let key = u.choose(&keys)?.clone();
            Ok(key.broken_rules(key_id, SCOPE[0]).is_empty().then_some(key))
        }
    }
}

pub(super) fn request(u: &mut Unstructured<'_>) -> Result<Request> {
    let operation = *u.choose(&OPERATIONS)?;
    // What is no request names a key that is well formed.
    if operation == "DeleteKey" {
        return Ok(Request::key(operation, u.choose(&KEY_IDS)?));
    }
    if operation == "SetKeyState" {
        return Ok(Request::set_state(u.choose(&KEY_IDS)?, u.choose(&STATES)?));
    }
    let on_alias = operation.ends_with("Alias");
    Ok(Request {
        operation,
        alias_name: if on_alias { name(u)? } else { None },
        target_key_id: if on_alias { key_text(u)? } else { None },
        key_id: if on_alias { None } else { key_text(u)? },
        pending_window_in_days: if u.ratio(1, 3)? {
            Some(u.int_in_range(-1..=40)?)
        } else {
            None
        },
        state: None,
    })
}

fn name(u: &mut Unstructured<'_>) -> Result<Option<String>> {
    Ok(match u.int_in_range(0..=15)? {
        0 => None,
        1 => Some(u.arbitrary()?),
        2 => Some(format!("alias/{}", u.arbitrary::<&str>()?)),
        3 => Some("alias/".to_owned() + &"n".repeat(u.int_in_range(0..=300)?)),
        _ => Some((*u.choose(&NAMES)?).to_owned()),
    })
}

fn key_text(u: &mut Unstructured<'_>) -> Result<Option<String>> {
    let key_id = *u.choose(&KEY_IDS)?;
    Ok(match u.int_in_range(0..=15)? {
        0 => None,
        1 => Some(u.arbitrary()?),
        2 => Some(format!("arn:aws:kms:eu-west-1:111122223333:key/{key_id}")),
        3 => Some(format!("arn:aws:kms:eu-west-3:999999999999:key/{key_id}")),
        4 => Some(format!("{ARN}{}", u.arbitrary::<&str>()?)),
        5 => Some(name(u)?.unwrap_or_default()),
        6 => Some(format!(
            "arn:aws:kms:eu-west-3:111122223333:{}",
            name(u)?.unwrap_or_default()
        )),
        7..=9 => Some(format!("{ARN}{key_id}")),
        _ => Some(key_id.to_owned()),
    })
}
