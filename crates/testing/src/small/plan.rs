//! The crate's plan of a small world, carried out.

use kms_alias::{
    AccountId, AliasListEntry, AliasName, AliasTable, AnyAliasName, KeyArn, KeyId, KeyMetadata,
    KeySpec, KeyState, KeyUsage, Operation, Region, Rule, Scope, Snapshot, Timestamp,
};
use kms_alias_foresee::Step;
use kms_alias_foresee::{Impossible, Plan, PlanOptions, StepEffect, ThirdKey, Unmentioned, Wanted};

use super::{Cost, Fate, Key, Third, World};

/// As many aliases are no small world.
const LARGE: usize = 100;

const AT: Timestamp = Timestamp::from_millis(1_700_000_000_000);

/// What a plan costs, and how many aliases go by way of a third key.
#[derive(Debug)]
pub struct Planned {
    pub cost: Cost,
    pub third_keys: usize,
}

pub fn key_id(number: usize) -> KeyId {
    KeyId::new((number as u128).to_be_bytes(), false)
}

fn name(number: usize) -> AliasName {
    format!("alias/{number}").parse().expect("a name")
}

fn metadata(scope: Scope, number: usize, key: Key) -> KeyMetadata {
    let kinds = [
        (KeySpec::SymmetricDefault, KeyUsage::EncryptDecrypt),
        (KeySpec::Rsa2048, KeyUsage::EncryptDecrypt),
        (KeySpec::Rsa2048, KeyUsage::SignVerify),
    ];
    let (spec, usage) = kinds[key.kind];
    let state = if key.open {
        KeyState::Enabled
    } else {
        KeyState::PendingDeletion
    };
    let builder = KeyMetadata::builder(KeyArn::new(scope, key_id(number)));
    builder
        .spec(spec)
        .usage(usage)
        .state(state)
        .build()
        .expect("a key")
}

/// The table of a world.
pub fn table(world: &World) -> AliasTable {
    let account = AccountId::from_static("111122223333");
    let scope = Scope::new(Region::from_static("eu-west-3"), account);
    let mut parts = Snapshot::new(scope);
    parts.aliases_per_key = u32::try_from(world.quota).expect("a few");
    let keys = world.keys.iter().enumerate();
    parts.keys = keys
        .map(|(number, key)| metadata(scope, number, *key))
        .collect();
    let names = 0..world.names.len();
    let standing = names.filter_map(|number| Some((number, world.before(number)?)));
    parts.aliases = standing
        .map(|(number, key)| AliasListEntry::new(name(number).into(), Some(key_id(key))))
        .collect();
    parts.into_table().expect("a table")
}

/// The aliases that are to stand at the end.
pub fn wanted(world: &World) -> Wanted {
    let names = 0..world.names.len();
    names
        .filter_map(|number| Some((name(number), key_id(world.after(number)?))))
        .collect()
}

/// Names that stay are left out of what is wanted, if none is to go; a name cannot stay where
/// others go unless it is wanted.
fn options(world: &World) -> PlanOptions {
    let goes = |number: &usize| world.before(*number).is_some() && world.after(*number).is_none();
    let unmentioned = if (0..world.names.len()).any(|number| goes(&number)) {
        Unmentioned::Go
    } else {
        Unmentioned::Stay
    };
    let third_key = match world.third {
        Third::No => ThirdKey::No,
        Third::Any => ThirdKey::Any,
        Third::This(key) => ThirdKey::This(key_id(key)),
    };
    PlanOptions::default()
        .with_unmentioned(unmentioned)
        .with_third_key(third_key)
}

/// The plan, each of whose steps is done and does what it says; none, if every alias that is said
/// to be unreachable is so for the rule that is said.
#[track_caller]
pub fn plan(world: &World) -> Option<Planned> {
    let (mut table, options) = (table(world), options(world));
    let mut wanted = wanted(world);
    if options.unmentioned == Unmentioned::Stay {
        for (number, (_, fate)) in world.names.iter().enumerate() {
            if *fate == Fate::Stays {
                wanted.remove(name(number));
            }
        }
    }
    let plan = match Plan::new(&table, &wanted, options, AT) {
        Ok(plan) => plan,
        Err(impossible) => {
            assert_unreachable(world, &impossible);
            return None;
        }
    };
    for (place, step) in plan.steps().iter().enumerate() {
        carry_out(&mut table, &plan, place, step);
    }
    assert_eq!(Wanted::of(&table), self::wanted(world), "{world:?}");
    let aside = |step: &&Step| matches!(step.effect(), StepEffect::StepsAside { .. });
    let cost = Cost {
        steps: plan.len(),
        gaps: plan.gaps().count(),
    };
    let third_keys = plan.steps().iter().filter(aside).count();
    Some(Planned { cost, third_keys })
}

/// Does a step, which the table accepts, and which does what it says.
#[track_caller]
fn carry_out(table: &mut AliasTable, plan: &Plan, place: usize, step: &Step) {
    let name: AnyAliasName = step.alias_name().clone().into();
    let resolves = |table: &AliasTable| table.get(&name).and_then(|alias| alias.target_key_id());
    assert_eq!(step.effect().before(), resolves(table));
    if let Err(refusal) = table.apply(step.operation(), AT) {
        panic!("step {place}: {refusal}: {plan:?}");
    }
    assert_eq!(step.effect().after(), resolves(table));
    // Whoever stops here has a table that is valid; large ones are looked at elsewhere.
    if table.len() < LARGE {
        assert_eq!(table.snapshot().into_table().as_ref(), Ok(&*table));
    }
    let other = match step.effect() {
        StepEffect::GapOpens { until, .. } | StepEffect::StepsAside { until, .. } => until,
        StepEffect::GapCloses { since, .. } | StepEffect::StepsBack { since, .. } => since,
        _ => return,
    };
    let back = match plan.steps()[other].effect() {
        StepEffect::GapOpens { until, .. } | StepEffect::StepsAside { until, .. } => until,
        StepEffect::GapCloses { since, .. } | StepEffect::StepsBack { since, .. } => since,
        effect => panic!("{effect:?}"),
    };
    assert_eq!(back, place);
    assert_eq!(plan.steps()[other].alias_name(), step.alias_name());
    if matches!(step.operation(), Operation::DeleteAlias { .. }) {
        assert!(other > place);
    }
}

/// Counts and states say why, by themselves: T5 of a key that is not open, T6 of one that is to
/// have too many; all of the first, and as many of the second as are too many.
#[track_caller]
fn assert_unreachable(world: &World, impossible: &Impossible) {
    let arrives = |name: &usize| world.before(*name) != world.after(*name);
    let names = || 0..world.names.len();
    for (number, key) in world.keys.iter().enumerate() {
        let coming: Vec<usize> = names()
            .filter(|name| world.after(*name) == Some(number) && arrives(name))
            .collect();
        let there = names()
            .filter(|name| world.after(*name) == Some(number))
            .count();
        let told: Vec<Rule> = (impossible.unreachable().iter())
            .filter(|told| told.target_key_id().map(|key| key.key_id()) == Some(key_id(number)))
            .flat_map(|told| told.rules())
            .collect();
        let excess = there.saturating_sub(world.quota).min(coming.len());
        let expected = match key.open {
            false => vec![Rule::T5; coming.len()],
            true => vec![Rule::T6; excess],
        };
        assert_eq!(told, expected, "{world:?}");
    }
    assert!(!impossible.unreachable().is_empty());
}
