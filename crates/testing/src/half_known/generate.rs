//! Small half-known accounts and runs, as choices make them.

use kms_alias::{
    KeyDetails, KeyId, KeyManager, KeySpec, KeyState, KeyStatus, KeyUsage, MultiRegionRole, Origin,
    Timestamp,
};
use kms_alias_foresee::verdict::KeyFacts;

use super::world::{AT, Ask, Key, SCOPE, SmallWorld, described, described_there, key_id};
use crate::small::random::Numbers;

/// Where choices come from: random numbers, or the bytes of a fuzzer.
pub trait Choices {
    /// A number below a bound.
    fn below(&mut self, bound: usize) -> usize;

    /// Whether something is so that is so in so many of a hundred.
    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

impl Choices for Numbers {
    fn below(&mut self, bound: usize) -> usize {
        Self::below(self, bound)
    }
}

fn facts(numbers: &mut impl Choices) -> KeyFacts {
    let mut facts = KeyFacts::default();
    facts.exists = numbers.chance(60);
    if numbers.chance(70) {
        facts.manager = Some(if numbers.chance(85) {
            KeyManager::Customer
        } else {
            KeyManager::Aws
        });
    }
    if numbers.chance(50) {
        facts.origin = Some(*pick(
            numbers,
            &[
                Origin::AwsKms,
                Origin::AwsKms,
                Origin::External,
                Origin::AwsCloudhsm,
            ],
        ));
    }
    if facts.origin == Some(Origin::AwsCloudhsm) {
        return facts;
    }
    if numbers.chance(40) {
        facts.usage = Some(*pick(numbers, KeyUsage::ALL));
    } else if numbers.chance(40) {
        facts.spec = Some(*pick(
            numbers,
            &[
                KeySpec::SymmetricDefault,
                KeySpec::Rsa2048,
                KeySpec::Hmac384,
            ],
        ));
    }
    match numbers.below(4) {
        0 => {
            facts.state = Some(*pick(
                numbers,
                &[
                    KeyState::Enabled,
                    KeyState::Disabled,
                    KeyState::PendingDeletion,
                ],
            ))
        }
        1 => facts.enabled = Some(numbers.chance(70)),
        _ => {}
    }
    facts
}

fn pick<'a, T>(numbers: &mut impl Choices, from: &'a [T]) -> &'a T {
    &from[numbers.below(from.len())]
}

fn described_key(numbers: &mut impl Choices, number: usize) -> Key {
    let kind = numbers.below(8);
    described(number, |key| match kind {
        0 => key.state(KeyState::PendingDeletion),
        1 => key.spec(KeySpec::Rsa3072).usage(KeyUsage::SignVerify),
        2 => key
            .spec(KeySpec::Hmac224)
            .usage(KeyUsage::GenerateVerifyMac),
        3 => key.state(KeyState::Disabled),
        4 => key.manager(KeyManager::Aws),
        _ => key,
    })
}

fn ask(numbers: &mut impl Choices, names: usize, keys: usize) -> Ask {
    let (name, key) = (numbers.below(names), numbers.below(keys));
    match numbers.below(24) {
        0..=6 => Ask::Create(name, key),
        7..=13 => Ask::Update(name, key),
        14..=16 => Ask::Delete(name),
        17 => Ask::Enable(key),
        18 => Ask::Disable(key),
        19 | 20 => Ask::Schedule(key),
        21 => Ask::Cancel(key),
        22 => Ask::DeleteKey(key),
        _ => Ask::State(
            key,
            *pick(
                numbers,
                &[
                    KeyState::Enabled,
                    KeyState::PendingDeletion,
                    KeyState::Unavailable,
                ],
            ),
        ),
    }
}

/// What keys are called that have no ID, in the order of their numbers.
const LABELS: [&str; 4] = [
    "module.a.key",
    "module.b.key",
    "module.c.key",
    "module.d.key",
];

/// A random world.
pub fn world(numbers: &mut impl Choices) -> SmallWorld {
    let described = numbers.below(3);
    let mut keys: Vec<Key> = (0..described)
        .map(|number| described_key(numbers, number))
        .collect();
    for _ in 0..1 + numbers.below(2) {
        let number = keys.len();
        let key = match numbers.below(6) {
            0 => Key::Label(LABELS[number % LABELS.len()], facts(numbers)),
            1 if numbers.chance(50) => Key::Made(facts(numbers), numbers.chance(30)),
            1 => Key::Undescribed(KeyId::new(*key_id(number).as_bytes(), true), facts(numbers)),
            2 => Key::Undescribed(KeyId::new(*key_id(number).as_bytes(), true), facts(numbers)),
            _ => Key::Undescribed(key_id(number), facts(numbers)),
        };
        keys.push(key);
    }
    let names = 2 + numbers.below(3);
    let stands = (0..names).map(|_| {
        let on = numbers.below(keys.len());
        let can_stand = match &keys[on] {
            Key::Described(key) => key.manager() == KeyManager::Customer,
            Key::Undescribed(_, facts) => facts.exists && facts.manager != Some(KeyManager::Aws),
            _ => false,
        };
        (can_stand && numbers.chance(70)).then_some(on)
    });
    let stands = stands.collect();
    let mut steps: Vec<Ask> = (0..1 + numbers.below(4))
        .map(|_| ask(numbers, names, keys.len()))
        .collect();
    for (number, key) in keys.iter().enumerate() {
        if key.is_made() {
            let at = if numbers.chance(70) {
                0
            } else {
                numbers.below(steps.len() + 1)
            };
            steps.insert(at, Ask::Make(number));
        }
    }
    let after = numbers.chance(50).then(|| order(numbers, steps.len()));
    SmallWorld {
        keys,
        stands,
        quota: *pick(numbers, &[1, 2, 3, 50]),
        keys_complete: numbers.chance(30),
        assumes_absent: false,
        steps,
        after,
    }
}

/// A random order: steps come after some of those that are listed before them.
fn order<C: Choices>(numbers: &mut C, steps: usize) -> Vec<Vec<usize>> {
    let dense = *pick(numbers, &[0, 20, 50]);
    let before =
        |step: usize, numbers: &mut C| (0..step).filter(|_| numbers.chance(dense)).collect();
    (0..steps).map(|step| before(step, numbers)).collect()
}

/// Many steps in no order or little of it, on few keys whose quotas are nearly full.
pub fn crowd<C: Choices>(numbers: &mut C) -> SmallWorld {
    let mut keys = vec![described(0, |key| key), described(1, |key| key)];
    if numbers.chance(50) {
        let mut facts = KeyFacts::customer_managed();
        facts.origin = Some(Origin::AwsKms);
        facts.usage = Some(KeyUsage::SignVerify);
        facts.state = numbers.chance(50).then_some(KeyState::Enabled);
        keys.push(Key::Undescribed(key_id(2), facts));
    }
    let names = 4 + numbers.below(3);
    let stands = (0..names).map(|_| numbers.chance(50).then(|| numbers.below(keys.len())));
    let stands = stands.collect();
    let step = |numbers: &mut C| {
        let (name, key) = (numbers.below(names), numbers.below(keys.len()));
        match numbers.below(10) {
            0..=3 => Ask::Create(name, key),
            4..=6 => Ask::Update(name, key),
            7 | 8 => Ask::Delete(name),
            _ => Ask::Schedule(key),
        }
    };
    let steps: Vec<Ask> = (0..5).map(|_| step(numbers)).collect();
    let after = Some(order(numbers, steps.len()));
    SmallWorld {
        keys,
        stands,
        quota: *pick(numbers, &[1, 2, 3]),
        keys_complete: true,
        assumes_absent: false,
        steps,
        after,
    }
}

/// Steps on keys of which one or two are named by values that are not known: they may be any key,
/// and quotas are nearly full.
pub fn any_key<C: Choices>(numbers: &mut C) -> SmallWorld {
    let enabled = |numbers: &mut C| {
        let mut facts = KeyFacts::customer_managed();
        facts.origin = Some(Origin::AwsKms);
        facts.spec = Some(KeySpec::SymmetricDefault);
        facts.multi_region = numbers.chance(80).then_some(false);
        facts.state = numbers.chance(85).then_some(KeyState::Enabled);
        facts
    };
    let mut keys = vec![described(0, |key| key), described_key(numbers, 1)];
    if numbers.chance(30) {
        keys.push(Key::Undescribed(key_id(2), enabled(numbers)));
    }
    keys.push(Key::Label("module.a.key", enabled(numbers)));
    if numbers.chance(40) {
        keys.push(Key::Label("module.b.key", enabled(numbers)));
    }
    if numbers.chance(40) {
        let mut facts = enabled(numbers);
        facts.usage = Some(KeyUsage::EncryptDecrypt);
        let is_state_open = facts.state.is_none() && numbers.chance(50);
        keys.push(Key::Made(facts, is_state_open));
    }
    let names = 3 + numbers.below(3);
    let stands = (0..names).map(|_| {
        let on = numbers.below(keys.len());
        let can_stand = match &keys[on] {
            Key::Described(key) => key.manager() == KeyManager::Customer,
            Key::Undescribed(..) => true,
            _ => false,
        };
        (can_stand && numbers.chance(60)).then_some(on)
    });
    let stands = stands.collect();
    let step = |numbers: &mut C| {
        let (name, key) = (numbers.below(names), numbers.below(keys.len()));
        match numbers.below(20) {
            0..=8 => Ask::Create(name, key),
            9..=15 => Ask::Update(name, key),
            16..=18 => Ask::Delete(name),
            _ => Ask::Schedule(key),
        }
    };
    let mut steps: Vec<Ask> = (0..2 + numbers.below(3)).map(|_| step(numbers)).collect();
    if let Some(made) = keys.iter().position(Key::is_made) {
        let at = numbers.below(2).min(steps.len());
        steps.insert(at, Ask::Make(made));
    }
    let after = numbers.chance(60).then(|| order(numbers, steps.len()));
    SmallWorld {
        keys,
        stands,
        quota: *pick(numbers, &[1, 2, 3]),
        keys_complete: numbers.chance(50),
        assumes_absent: false,
        steps,
        after,
    }
}

/// Steps on keys of which one was to be deleted before the run, or two.
pub fn overdue<C: Choices>(numbers: &mut C) -> SmallWorld {
    let mut small = match numbers.below(3) {
        0 => world(numbers),
        1 => crowd(numbers),
        _ => any_key(numbers),
    };
    for (number, key) in small.keys.iter_mut().enumerate() {
        let is_it = matches!(key, Key::Described(key) if key.manager() == KeyManager::Customer);
        if is_it && numbers.chance(70) {
            let status = KeyStatus::PendingDeletion {
                deletion_date: Some(Timestamp::from_millis(AT.as_millis() - 1)),
            };
            *key = described(number, |key| key.status(status));
        }
    }
    small
}

/// A longer list on few names.
pub fn list(numbers: &mut impl Choices) -> SmallWorld {
    let mut world = world(numbers);
    let names = world.stands.len();
    for _ in 0..6 {
        let next = ask(numbers, names, world.keys.len());
        world.steps.push(next);
    }
    world.after = None;
    world
}

/// What happens to the state of a key.
pub const LIFE: [Ask; 7] = [
    Ask::Enable(0),
    Ask::Disable(0),
    Ask::Schedule(0),
    Ask::Cancel(0),
    Ask::DeleteKey(0),
    Ask::State(0, KeyState::PendingImport),
    Ask::State(0, KeyState::Enabled),
];

/// A list of steps that change the state of one key of which little is known, and now and then put
/// an alias on it.
pub fn life<C: Choices>(numbers: &mut C) -> SmallWorld {
    let mut facts = KeyFacts::customer_managed();
    facts.exists = numbers.chance(80);
    facts.spec = Some(KeySpec::SymmetricDefault);
    facts.origin = numbers.chance(40).then_some(Origin::External);
    if numbers.chance(40) {
        let states = [
            KeyState::Enabled,
            KeyState::PendingDeletion,
            KeyState::PendingImport,
        ];
        facts.state = Some(*pick(numbers, &states));
    }
    let id = KeyId::new(*key_id(0).as_bytes(), numbers.chance(30));
    let step = |numbers: &mut C| {
        if numbers.chance(20) {
            return Ask::Create(1, 0);
        }
        *pick(numbers, &LIFE)
    };
    let steps: Vec<Ask> = (0..3 + numbers.below(2)).map(|_| step(numbers)).collect();
    let after = numbers.chance(30).then(|| order(numbers, steps.len()));
    SmallWorld {
        keys: vec![Key::Undescribed(id, facts)],
        stands: vec![(facts.exists && numbers.chance(50)).then_some(0), None],
        quota: 50,
        keys_complete: false,
        assumes_absent: false,
        steps,
        after,
    }
}

/// A replica of a key of the other Region, and steps on both: some of them change the state of the
/// primary key, some make another replica of it, some put aliases on the keys.
pub fn replicas<C: Choices>(numbers: &mut C) -> SmallWorld {
    let mut keys = vec![primary(numbers)];
    let before = match numbers.below(6) {
        0 => {
            let mut facts = KeyFacts::customer_managed();
            facts.spec = Some(KeySpec::SymmetricDefault);
            facts.origin = Some(Origin::AwsKms);
            facts.state = Some(*pick(
                numbers,
                &[KeyState::Enabled, KeyState::PendingDeletion],
            ));
            facts
        }
        1 => KeyFacts::customer_managed(),
        _ => KeyFacts::default(),
    };
    for _ in 0..1 + numbers.below(2) {
        let mut facts = KeyFacts::customer_managed();
        facts.state = numbers.chance(30).then_some(KeyState::Disabled);
        facts.enabled = (facts.state.is_none() && numbers.chance(30)).then_some(false);
        keys.push(Key::Replica {
            primary: 0,
            facts,
            before,
        });
    }
    if numbers.chance(40) {
        keys.push(described(keys.len(), |key| key));
    }
    let names = 3;
    let stands = (0..names).map(|_| {
        let on = numbers.below(keys.len());
        let can_stand = match keys[on].inner() {
            Key::Described(key) => key.manager() == KeyManager::Customer,
            Key::Undescribed(_, facts) => facts.exists && facts.manager != Some(KeyManager::Aws),
            _ => false,
        };
        (can_stand && numbers.chance(40)).then_some(on)
    });
    let stands = stands.collect();
    let mut steps: Vec<Ask> = (0..numbers.below(4))
        .map(|_| {
            let key = numbers.below(keys.len());
            match numbers.below(12) {
                0..=3 => Ask::Create(numbers.below(names), key),
                4 | 5 => Ask::Update(numbers.below(names), key),
                6 => Ask::Delete(numbers.below(names)),
                7 => Ask::Disable(key),
                8 => Ask::Enable(key),
                9 | 10 => Ask::Schedule(key),
                _ => Ask::Cancel(key),
            }
        })
        .collect();
    let made = (0..keys.len()).filter(|number| keys[*number].is_made());
    for (first, number) in made.rev().enumerate() {
        let at = if numbers.chance(60) || first == 0 {
            0
        } else {
            numbers.below(steps.len() + 1)
        };
        steps.insert(at, Ask::Make(number));
    }
    let after = numbers.chance(60).then(|| order(numbers, steps.len()));
    SmallWorld {
        keys,
        stands,
        quota: *pick(numbers, &[1, 50]),
        keys_complete: numbers.chance(50),
        assumes_absent: numbers.chance(30),
        steps,
        after,
    }
}

/// A key of the other Region of which replicas are made, or which is none of which there can be any.
fn primary(numbers: &mut impl Choices) -> Key {
    let role = |replicas| MultiRegionRole::Primary { replicas };
    let with = |state: Option<KeyState>, role: MultiRegionRole| {
        described_there(0, |key| {
            let key = key.multi_region_role(role);
            match state {
                Some(state) => key.state(state),
                None => key,
            }
        })
    };
    match numbers.below(12) {
        0..=2 => with(None, role(0)),
        3 => with(None, role(1)),
        4 => with(Some(KeyState::Disabled), role(0)),
        5 => with(None, MultiRegionRole::Replica),
        6 => described_there(0, |key| {
            let mut details = KeyDetails::default();
            details.replica_regions.push(SCOPE.region());
            key.multi_region_role(role(1)).details(details)
        }),
        7 => {
            let mut facts = facts(numbers);
            facts.manager = Some(KeyManager::Customer);
            facts.origin = Some(Origin::AwsKms);
            facts.is_primary = numbers.chance(50).then_some(true);
            let id = KeyId::new(*key_id(0).as_bytes(), numbers.chance(80));
            Key::There(Box::new(Key::Undescribed(id, facts)))
        }
        8 => described_there(0, |key| key.origin(Origin::External)),
        _ => {
            let mut facts = KeyFacts::customer_managed();
            facts.spec = Some(KeySpec::Rsa2048);
            facts.usage = numbers.chance(80).then_some(KeyUsage::SignVerify);
            facts.origin = Some(Origin::AwsKms);
            facts.multi_region = numbers.chance(80).then_some(true);
            facts.state = numbers.chance(30).then_some(KeyState::Disabled);
            let is_state_open = facts.state.is_none() && numbers.chance(30);
            Key::There(Box::new(Key::Made(facts, is_state_open)))
        }
    }
}
