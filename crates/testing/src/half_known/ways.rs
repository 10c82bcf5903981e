//! What a small world leaves open: the ways in which each of its keys can be, which keys are
//! one, and the orders of its steps.

use kms_alias::{KeyArn, KeyId, KeyMetadata, KeyState, MultiRegionRole, Origin, Scope};
use kms_alias_foresee::verdict::KeyFacts;

use super::completions::{completions, made};
use super::world::{AT, Ask, Key, SCOPE, SmallWorld, oracle_id, shown};

/// Which other key of the list each key is that has no ID: it may be any.
pub(super) type Identities = Vec<Option<usize>>;

/// Every way in which keys that have no ID are other keys.
///
/// A key whose state steps change is taken to be none that another value names, unless a quota could
/// be full for it (ours).
pub(super) fn identities(world: &SmallWorld) -> Vec<Identities> {
    let targeted = |number: usize| {
        let named = world
            .steps
            .iter()
            .filter(|ask| ask.target() == Some(number));
        named.count()
    };
    let is_label = |number: usize| matches!(world.keys[number], Key::Label(..));
    let count = world.keys.len();
    let unknown: usize = (0..count)
        .filter(|number| is_label(*number))
        .map(targeted)
        .sum();
    let could_fill = |number: usize| {
        let stands = world
            .stands
            .iter()
            .filter(|on| **on == Some(number))
            .count();
        let own = if is_label(number) {
            0
        } else {
            targeted(number)
        };
        stands + own + unknown > usize::try_from(world.quota).expect("a small quota")
    };
    let is_changed = |number: usize| {
        let changes = |ask: &Ask| ask.target().is_none() && ask.key() == Some(number);
        let made = |ask: &Ask| matches!(ask, Ask::Make(_));
        world.steps.iter().any(|ask| changes(ask) && !made(ask))
    };
    let mut all = vec![Identities::new()];
    for number in 0..count {
        let mut others = vec![None];
        if is_label(number) && targeted(number) > 0 {
            let may_be = |other: &usize| {
                let key = &world.keys[*other];
                let can_be = key.scope() == SCOPE && !matches!(key, Key::Replica { .. });
                let comes_first = !is_label(*other) || (*other < number && targeted(*other) > 0);
                let is_followed = !is_changed(number) && !is_changed(*other);
                *other != number && can_be && comes_first && (is_followed || could_fill(*other))
            };
            others.extend((0..count).filter(may_be).map(Some));
        }
        let longer = all.iter().flat_map(|known| {
            others.iter().map(|other| {
                let mut longer = known.clone();
                longer.push(*other);
                longer
            })
        });
        all = longer.collect();
    }
    // The first of those that are the same stands for all.
    all.retain(|identities| {
        let first = |other: &usize| identities[*other].is_none();
        identities.iter().flatten().all(first)
    });
    all
}

/// The ID of a key that has none, if it is a multi-Region key.
pub(super) fn multi_region(world: &SmallWorld, number: usize) -> KeyId {
    KeyId::new(*oracle_id(world, number).as_bytes(), true)
}

/// The ways in which a key can be: of a replica what can stand under its ID before it is made.
pub(super) fn ways(world: &SmallWorld, number: usize) -> Vec<Option<KeyMetadata>> {
    let key = &world.keys[number];
    let own = KeyArn::new(key.scope(), oracle_id(world, number));
    let other = KeyArn::new(key.scope(), multi_region(world, number));
    let undescribed = |facts: &KeyFacts| {
        if !facts.exists && world.keys_complete {
            return vec![None];
        }
        completions(own, facts, !facts.exists)
    };
    match key.inner() {
        Key::Described(key) if may_be_gone(world, number, key) => vec![Some(key.clone()), None],
        Key::Described(key) => vec![Some(key.clone())],
        Key::Undescribed(_, facts) => {
            let mut facts = *facts;
            if world.stands.contains(&Some(number)) {
                facts = facts.or(KeyFacts::customer_managed());
            }
            undescribed(&facts)
        }
        Key::Label(_, facts) => {
            let mut keys = completions(own, facts, !facts.exists);
            keys.extend(completions(other, facts, false));
            keys
        }
        Key::Made(facts, is_state_open) => {
            let mut keys = made(own, facts, *is_state_open);
            keys.extend(made(other, facts, *is_state_open));
            let may_fail = keys.contains(&None);
            keys.retain(Option::is_some);
            keys.extend(may_fail.then_some(None));
            keys
        }
        Key::Replica { .. } if shown(world, number).is_some() => vec![None],
        // What stands under the ID is said of the first.
        Key::Replica { primary, .. } if is_second(world, *primary, number) => vec![None],
        Key::Replica {
            primary, before, ..
        } => match told_by(&world.keys[*primary], key.scope()) {
            Some(true) => completions(own, &before.or(KeyFacts::customer_managed()), false),
            Some(false) if !before.exists => vec![None],
            None if !before.exists && world.assumes_absent => vec![None],
            _ => undescribed(before),
        },
        Key::There(_) => unreachable!("no key is there twice"),
    }
}

/// Whether a described key was to be deleted before the run, and no step says that it is deleted only
/// then (rule S5).
fn may_be_gone(world: &SmallWorld, number: usize, key: &KeyMetadata) -> bool {
    let is_deleted = world.steps.contains(&Ask::DeleteKey(number));
    key.deletion_date().is_some_and(|due| due < AT) && !is_deleted
}

/// Whether another replica of a primary key comes before this one in the list of keys.
pub(super) fn is_second(world: &SmallWorld, primary: usize, number: usize) -> bool {
    let before = world.keys.iter().take(number);
    let same = |key: &Key| matches!(key, Key::Replica { primary: other, .. } if *other == primary);
    before.into_iter().any(same)
}

/// Whether a described primary key has a replica in a Region.
pub(super) fn told_by(primary: &Key, scope: Scope) -> Option<bool> {
    let Key::Described(primary) = primary.inner() else {
        return None;
    };
    let Some(MultiRegionRole::Primary { replicas }) = primary.multi_region_role() else {
        return None;
    };
    let regions = &primary.details().replica_regions;
    let are_all = usize::try_from(replicas) == Ok(regions.len());
    match regions.contains(&scope.region()) {
        true => Some(true),
        false => are_all.then_some(false),
    }
}

/// A replica as it is when it is made.
pub(super) fn replica_of(primary: &KeyMetadata, arn: KeyArn, facts: &KeyFacts) -> KeyMetadata {
    let key = KeyMetadata::builder(arn)
        .spec(primary.spec())
        .usage(primary.usage())
        .origin(primary.origin())
        .multi_region_role(MultiRegionRole::Replica);
    let first = match (primary.origin(), facts.enabled) {
        (Origin::External, _) => KeyState::PendingImport,
        (_, Some(false)) => KeyState::Disabled,
        _ => KeyState::Enabled,
    };
    let said = facts
        .state
        .and_then(|state| key.clone().state(state).build().ok());
    said.unwrap_or_else(|| key.state(first).build().expect("a key"))
}

/// Whether CreateKey can make a key of which so much is known.
pub(super) fn is_possible(facts: &KeyFacts) -> bool {
    let mut facts = *facts;
    (facts.state, facts.enabled) = (None, None);
    let any = |multi_region| {
        let arn = KeyArn::new(SCOPE, KeyId::new([1; 16], multi_region));
        made(arn, &facts, false).iter().any(Option::is_some)
    };
    any(false) || any(true)
}

/// Every order that the world allows.
pub(super) fn orders(world: &SmallWorld) -> Vec<Vec<usize>> {
    let Some(after) = &world.after else {
        return vec![(0..world.steps.len()).collect()];
    };
    let mut found = Vec::new();
    let mut open = vec![Vec::new()];
    while let Some(order) = open.pop() {
        if order.len() == world.steps.len() {
            found.push(order);
            continue;
        }
        for (step, after) in after.iter().enumerate() {
            if !order.contains(&step) && after.iter().all(|before| order.contains(before)) {
                let mut next = order.clone();
                next.push(step);
                open.push(next);
            }
        }
    }
    found
}
