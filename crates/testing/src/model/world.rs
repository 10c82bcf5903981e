//! Random small worlds and lists of events for them: valid, near misses, and hostile.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::{Index, select};

pub use super::wanted::world_and_wanted;

use super::key::{Role, every_key, is_multi_region};
use super::{Alias, Key, Model, Request};

pub type Scope = [&'static str; 3];

pub(super) const SCOPES: [Scope; 3] = [
    ["aws", "eu-west-3", "111122223333"],
    ["aws-cn", "cn-north-1", "210987654321"],
    ["aws-us-gov", "us-gov-west-1", "000000000001"],
];

pub const KEY_IDS: [&str; 8] = [
    "1234abcd-12ab-34cd-56ef-1234567890ab",
    "0987dcba-09fe-87dc-65ba-ab0987654321",
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "1234abcd-12ab-34cd-56ef-1234567890ac",
    "mrk-1234abcd12ab34cd56ef1234567890ab",
    "mrk-00000000000000000000000000000000",
    "mrk-ffffffffffffffffffffffffffffffff",
];

/// Two of them are reserved under the strict reading of rule A4 only.
pub const NAMES: [&str; 9] = [
    "alias/a",
    "alias/A",
    "alias/a/b",
    "alias/a-",
    "alias//",
    "alias/alias/a",
    "alias/zz_9",
    "alias/awsome",
    "alias/aws-prod",
];
pub(super) const AWS_NAMES: [&str; 3] = ["alias/aws/s3", "alias/aws/ebs", "alias/aws/a/b"];

const BAD_NAMES: [&str; 22] = [
    "",
    "a",
    "alias",
    "alias/",
    "Alias/a",
    "ALIAS/a",
    "alias:a",
    "alias/a:b",
    "alias/:",
    "alias/aws",
    "alias/aws/",
    "alias/AWS/s3",
    "alias/aws:s3",
    "alias/aws s3",
    "alias/a\n",
    "\nalias/a",
    "alias/\u{e9}",
    "alias/a.b",
    " alias/a",
    "arn:aws:kms:eu-west-3:111122223333:alias/a",
    "alias/\u{212a}",
    "aws/s3",
];

/// `{}` is the head of an ARN of the world's own scope.
const BAD_TARGETS: [&str; 34] = [
    "",
    "x",
    "mrk-",
    "mrk-1234",
    "MRK-1234abcd12ab34cd56ef1234567890ab",
    "1234ABCD-12ab-34cd-56ef-1234567890ab",
    "1234abcd12ab34cd56ef1234567890ab",
    "alias/",
    "alias/a:b",
    "alias/\u{e9}",
    "alias/aws/s3",
    "Alias/a",
    "arn:",
    "arn::",
    "arn:aws",
    "arn:aws:kms",
    "arn:aws:kms:eu-west-3",
    "arn:aws:kms:eu-west-3:111122223333",
    "arn:aws:kms:eu-west-3:111122223333:",
    "arn:aws:kms:eu-west-3:11112222333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "arn:aws:kms:cn-north-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "arn:aws-cn:kms:eu-west-3:111122223333:alias/a",
    "arn:aws-x:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "arn:aws:iam:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "ARN:aws:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "{}:",
    "{}:key/",
    "{}:key/alias/a",
    "{}:alias/",
    "{}:alias/a:b",
    "{}:alias/a b",
    "{}:alias",
    "{}:key/mrk-1234",
    "{}:1234abcd-12ab-34cd-56ef-1234567890ab",
];

/// Something that happens, at a time in milliseconds if it is asked for.
#[derive(Clone, Debug)]
pub enum Event {
    Ask(Request, i64),
    Insert(&'static str, Key),
    /// A key of which only its existence is known (rule I6).
    InsertUndescribed(&'static str),
    Remove(&'static str),
}

/// Possible keys by whether the ID is a multi-Region one's, and whether in China.
static POSSIBLE: LazyLock<[[Vec<Key>; 2]; 2]> = LazyLock::new(|| {
    let of = |key_id, partition| {
        let roles = [
            Role::Single,
            Role::Primary(0),
            Role::Primary(2),
            Role::Replica,
        ];
        let mut keys = every_key(key_id, &roles);
        keys.retain(|key| key.broken_rules(key_id, partition).is_empty());
        keys
    };
    [KEY_IDS[0], KEY_IDS[5]].map(|key_id| ["aws", "aws-cn"].map(|partition| of(key_id, partition)))
});

/// A possible key; mostly one of those between which aliases move.
fn key(key_id: &'static str, scope: Scope) -> impl Strategy<Value = Key> {
    let multi_region = usize::from(is_multi_region(key_id));
    let china = usize::from(scope[0] == "aws-cn");
    (any::<Index>(), 0..4).prop_map(move |(index, kind)| {
        let possible = &POSSIBLE[multi_region][china];
        let likely = |key: &&Key| {
            key.manager == "CUSTOMER"
                && ["SYMMETRIC_DEFAULT", "RSA_2048", "ECC_NIST_P256"].contains(&key.spec)
        };
        match kind {
            0 => index.get(possible).clone(),
            1 => Key::plain(key_id),
            _ => {
                let likely: Vec<_> = possible.iter().filter(likely).collect();
                (*index.get(&likely)).clone()
            }
        }
    })
}

fn keys(scope: Scope) -> impl Strategy<Value = Vec<Option<Key>>> {
    let of_id = |key_id| prop::option::weighted(0.7, key(key_id, scope));
    KEY_IDS.map(of_id).into_iter().collect::<Vec<_>>()
}

/// A target among the keys there, none if there are none, and a date.
fn aliases() -> impl Strategy<Value = Vec<Option<(Index, Option<i64>)>>> {
    let alias = (any::<Index>(), prop::option::of(0..1000_i64));
    prop::collection::vec(prop::option::of(alias), NAMES.len())
}

/// AWS aliases: the index of one of all key IDs, there or not, or none.
fn aws_aliases() -> impl Strategy<Value = Vec<Option<Option<Index>>>> {
    let alias = prop::option::weighted(0.4, prop::option::of(any::<Index>()));
    prop::collection::vec(alias, AWS_NAMES.len())
}

pub(super) fn world(scope: Scope) -> impl Strategy<Value = Model> {
    world_of(scope, false)
}

/// A world, of which only the existence of some keys may be known (rule I6).
fn world_of(scope: Scope, is_half_known: bool) -> impl Strategy<Value = Model> {
    let rules = (
        select(vec!["alias/aws", "alias/aws/"]),
        select(vec![1, 2, 3, 50]),
    );
    let exists = prop::collection::vec(any::<bool>(), KEY_IDS.len());
    (rules, (keys(scope), exists), aliases(), aws_aliases()).prop_map(
        move |((reserved, quota), (keys, exists), aliases, aws)| {
            let mut model = Model {
                reserved,
                quota,
                ..Model::new(scope)
            };
            let there = KEY_IDS.iter().zip(keys);
            model.keys = there
                .filter_map(|(key_id, key)| Some(((*key_id).to_owned(), key?)))
                .collect();
            for (key_id, exists) in KEY_IDS.iter().zip(exists) {
                if is_half_known && exists && !model.keys.contains_key(*key_id) {
                    model.undescribed.insert((*key_id).to_owned());
                }
            }
            furnish(&mut model, is_half_known, &aliases, &aws);
            model
        },
    )
}

/// Aliases on the keys; where it is half known, on keys that are not described too.
fn furnish(
    model: &mut Model,
    is_half_known: bool,
    aliases: &[Option<(Index, Option<i64>)>],
    aws: &[Option<Option<Index>>],
) {
    let ids: Vec<_> = model
        .keys
        .keys()
        .chain(&model.undescribed)
        .cloned()
        .collect();
    for (name, alias) in NAMES.iter().zip(aliases) {
        if let Some((target, created)) = alias.filter(|_| !ids.is_empty()) {
            let alias = Alias {
                target: Some(target.get(&ids).clone()),
                created,
                updated: created.map(|at| at + 5),
            };
            model.put_alias(name, alias);
        }
    }
    for (name, target) in AWS_NAMES.iter().zip(aws) {
        if let Some(target) = target {
            let target = target.map(|index| *index.get(&KEY_IDS));
            let is_known = |id: &&str| is_half_known || model.keys.contains_key(*id);
            let alias = Alias {
                target: target.filter(is_known).map(str::to_owned),
                created: None,
                updated: None,
            };
            model.put_alias(name, alias);
        }
    }
}

/// A text after one to three changes of a character.
fn mutated(texts: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let character = prop_oneof![
        4 => select("/:-_.`@[{^ \0\n\u{7f}azAZ09gG\u{e9}\u{df}\u{212a}\u{ff10}".chars().collect::<Vec<_>>()),
        1 => any::<char>(),
    ];
    let change = (0..4, any::<Index>(), character);
    (texts, prop::collection::vec(change, 1..=3)).prop_map(|(text, changes)| {
        let mut text: Vec<_> = text.chars().collect();
        for (kind, at, character) in changes {
            let place = at.index(text.len() + 1);
            match kind {
                _ if place == text.len() => text.push(character),
                0 => text.insert(place, character),
                1 => text[place] = character,
                2 => text[place] = text[place].to_ascii_uppercase(),
                _ => text.truncate(text.len() - 1),
            }
        }
        text.into_iter().collect()
    })
}

/// Names of lengths about the bound, in ASCII and not.
fn long_name() -> impl Strategy<Value = String> {
    (245..=255_usize, select(vec!["x", "\u{e9}", "/"]))
        .prop_map(|(length, unit)| format!("alias/{}", unit.repeat(length)))
}

fn name() -> impl Strategy<Value = Option<String>> {
    let names = || select(NAMES.to_vec()).prop_map(str::to_owned);
    prop_oneof![
        30 => names().prop_map(Some),
        2 => select(AWS_NAMES.to_vec()).prop_map(|name| Some(name.to_owned())),
        2 => select(BAD_NAMES.to_vec()).prop_map(|name| Some(name.to_owned())),
        2 => mutated(names()).prop_map(Some),
        1 => long_name().prop_map(Some),
        1 => any::<String>().prop_map(Some),
        1 => Just(None),
    ]
}

fn head(scope: Scope) -> String {
    format!("arn:{}:kms:{}:{}", scope[0], scope[1], scope[2])
}

/// Scopes of which two or three parts are another's.
pub(super) fn elsewhere(scope: Scope) -> Vec<String> {
    let [partition, region, account] = scope;
    let other = match partition {
        "aws" => "us-east-1",
        "aws-cn" => "cn-northwest-1",
        _ => "us-gov-east-1",
    };
    vec![
        head([partition, other, account]),
        head([partition, region, "999999999999"]),
        head([partition, other, "999999999999"]),
        head(["aws-iso", "us-iso-east-1", account]),
    ]
}

/// Texts that name a key, or should.
pub fn target(scope: Scope) -> BoxedStrategy<Option<String>> {
    let here = head(scope);
    let ids = || select(KEY_IDS.to_vec()).prop_map(str::to_owned);
    let of = move |heads: Vec<String>| {
        let heads = select(heads);
        (heads, ids()).prop_map(|(head, id)| format!("{head}:key/{id}"))
    };
    let names = select([&NAMES[..], &AWS_NAMES].concat());
    let bad = here.clone();
    let every_head = [elsewhere(scope), vec![here.clone(); 4]].concat();
    let alias_arns =
        (select(every_head), names.clone()).prop_map(|(head, name)| Some(format!("{head}:{name}")));
    let long = (2040..=2050_usize).prop_map(|length| Some("\u{e9}".repeat(length)));
    prop_oneof![
        24 => ids().prop_map(Some),
        10 => of(vec![here.clone()]).prop_map(Some),
        3 => of(elsewhere(scope)).prop_map(Some),
        1 => Just(Some("11111111-1111-1111-1111-111111111111".to_owned())),
        2 => names.prop_map(|name| Some(name.to_owned())),
        2 => alias_arns,
        2 => select(BAD_TARGETS.to_vec()).prop_map(move |text| Some(text.replace("{}", &bad))),
        1 => mutated(ids()).prop_map(Some),
        2 => mutated(of(vec![here])).prop_map(Some),
        1 => any::<String>().prop_map(Some),
        1 => long,
        1 => Just(None),
    ]
    .boxed()
}

/// Texts that name a key by any of the four forms, or should.
pub fn identifier(scope: Scope) -> BoxedStrategy<Option<String>> {
    let names = select([&NAMES[..], &AWS_NAMES].concat()).prop_map(str::to_owned);
    let here = head(scope);
    let arns = names.clone().prop_map(move |name| format!("{here}:{name}"));
    prop_oneof![
        2 => target(scope),
        1 => name(),
        1 => prop_oneof![names, arns.clone()].prop_map(Some),
        1 => mutated(arns).prop_map(Some),
    ]
    .boxed()
}

fn request(scope: Scope) -> impl Strategy<Value = Request> {
    let operations = select(vec!["CreateAlias", "UpdateAlias", "DeleteAlias"]);
    let aliases =
        (operations, name(), target(scope)).prop_map(|(operation, name, target)| Request {
            operation,
            alias_name: name,
            target_key_id: target,
            ..Request::default()
        });
    let lives = vec![
        "EnableKey",
        "DisableKey",
        "ScheduleKeyDeletion",
        "CancelKeyDeletion",
    ];
    let days = prop_oneof![
        Just(None),
        (6..=31_i64).prop_map(Some),
        any::<i64>().prop_map(Some)
    ];
    let lives =
        (select(lives), target(scope), days).prop_map(|(operation, key_id, days)| Request {
            operation,
            key_id,
            pending_window_in_days: days,
            ..Request::default()
        });
    let ids = || select(KEY_IDS.to_vec());
    let states = select(super::key::STATES.to_vec());
    prop_oneof![
        8 => aliases,
        3 => lives,
        1 => ids().prop_map(|id| Request::key("DeleteKey", id)),
        2 => (ids(), states).prop_map(|(id, state)| Request::set_state(id, state)),
    ]
}

fn event(scope: Scope) -> impl Strategy<Value = Event> {
    // Up to 80 days, so that some deletions fall due.
    let at = 0..80 * 86_400_000_i64;
    let key = move |id: &'static str| key(id, scope).prop_map(move |key| Event::Insert(id, key));
    prop_oneof![
        20 => (request(scope), at).prop_map(|(request, at)| Event::Ask(request, at)),
        1 => select(KEY_IDS.to_vec()).prop_flat_map(key),
        1 => select(KEY_IDS.to_vec()).prop_map(Event::Remove),
    ]
}

/// A world and what happens in it.
pub fn world_and_events(most: usize) -> BoxedStrategy<(Model, Vec<Event>)> {
    select(SCOPES.to_vec())
        .prop_flat_map(move |scope| (world(scope), prop::collection::vec(event(scope), 0..most)))
        .boxed()
}

/// The same of an account that is half known: keys come undescribed, and are described later.
pub fn half_known_world_and_events(most: usize) -> BoxedStrategy<(Model, Vec<Event>)> {
    let undescribed = || select(KEY_IDS.to_vec()).prop_map(Event::InsertUndescribed);
    select(SCOPES.to_vec())
        .prop_flat_map(move |scope| {
            let event = prop_oneof![9 => event(scope), 1 => undescribed()];
            (world_of(scope, true), prop::collection::vec(event, 0..most))
        })
        .boxed()
}

/// Lives of two keys with little else: every state, and times at which deletions fall due.
pub fn world_and_lives(most: usize) -> BoxedStrategy<(Model, Vec<Event>)> {
    let ids = || select(vec![KEY_IDS[0], KEY_IDS[5]]);
    let lives = vec!["EnableKey", "DisableKey", "CancelKeyDeletion", "DeleteKey"];
    let lives = (select(lives), ids()).prop_map(|(operation, id)| Request::key(operation, id));
    let schedule = (prop::option::of(7..=30_i64), ids()).prop_map(|(days, id)| Request {
        pending_window_in_days: days,
        ..Request::key("ScheduleKeyDeletion", id)
    });
    let states = select(super::key::STATES.to_vec());
    let told = (ids(), states).prop_map(|(id, state)| Request::set_state(id, state));
    let request = prop_oneof![3 => lives, 2 => schedule, 3 => told];
    let at = (0..80_i64).prop_map(|days| days * 86_400_000);
    let ask = (request, at).prop_map(|(request, at)| Event::Ask(request, at));
    let scope = SCOPES[0];
    let again = ids().prop_flat_map(move |id| key(id, scope).prop_map(move |key| (id, key)));
    let again = again.prop_map(|(id, key)| Event::Insert(id, key));
    let events = prop::collection::vec(prop_oneof![9 => ask, 1 => again], 0..most);
    (world(scope), events).boxed()
}

/// A world and texts that name keys in it, or should.
pub fn world_and_identifiers() -> BoxedStrategy<(Model, Vec<Option<String>>)> {
    identifiers_in(false)
}

/// The same of an account that is half known.
pub fn half_known_world_and_identifiers() -> BoxedStrategy<(Model, Vec<Option<String>>)> {
    identifiers_in(true)
}

fn identifiers_in(half_known: bool) -> BoxedStrategy<(Model, Vec<Option<String>>)> {
    select(SCOPES.to_vec())
        .prop_flat_map(move |scope| {
            (
                world_of(scope, half_known),
                prop::collection::vec(identifier(scope), 1..12),
            )
        })
        .boxed()
}
