//! Plans of random tables, against the model: what is planned is accepted and arrives, and what is
//! said to be unreachable the model refuses too, by the same rule and with the same words.

mod model;

use kms_alias::{
    AnyAliasName, Impossible, Operation, Plan, PlanOptions, TargetKeyId, ThirdKey, Unmentioned,
    Wanted,
};
use model::adaptor::{assert_agree, assert_same, moment, parsed, table};
use model::world::{KEY_IDS, world_and_wanted};
use model::{Model, Request};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

const AT: i64 = 1_700_000_000_000;
const PAIRS: usize = 10_000;

/// Names and the keys that they are to have, as text.
type Wish = Vec<(String, String)>;

fn wanted(wish: &Wish) -> Wanted {
    let pairs = wish.iter();
    pairs
        .map(|(name, target)| (parsed::<AnyAliasName>(name), parsed::<TargetKeyId>(target)))
        .collect()
}

/// The request that would bring an alias there in one step; none if it is there.
fn request(model: &Model, name: &str, target: &str) -> Option<Request> {
    let Some(alias) = model.aliases.get(name) else {
        return Some(Request::alias("CreateAlias", name, target));
    };
    let there = alias.target.as_ref();
    let is_there = there.is_some_and(|key_id| *key_id == target || model.key_arn(key_id) == target);
    (!is_there).then(|| Request::alias("UpdateAlias", name, target))
}

/// Everything that has to be asked for, by name.
fn requests(model: &Model, wish: &Wish, unmentioned: Unmentioned) -> Vec<(String, Request)> {
    let wished = wish.iter();
    let mut all: Vec<_> = wished
        .filter_map(|(name, target)| Some((name.clone(), request(model, name, target)?)))
        .collect();
    if unmentioned == Unmentioned::Go {
        let left = model.aliases.keys().filter(|name| {
            let is_aws = name.starts_with("alias/aws/");
            !is_aws && wish.iter().all(|(wished, _)| wished != *name)
        });
        all.extend(left.map(|name| (name.clone(), Request::delete_alias(name))));
    }
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

/// An operation as a request of the model's.
fn asked(operation: &Operation) -> Request {
    match operation {
        Operation::CreateAlias {
            alias_name,
            target_key_id,
        }
        | Operation::UpdateAlias {
            alias_name,
            target_key_id,
        } => Request::alias(
            operation.name(),
            alias_name.as_str(),
            &target_key_id.to_string(),
        ),
        Operation::DeleteAlias { alias_name } => Request::delete_alias(alias_name.as_str()),
        other => panic!("no plan changes a key: {other:?}"),
    }
}

/// What happened, so that neither outcome is the only one.
#[derive(Debug, Default)]
struct Seen {
    plans: usize,
    steps: usize,
    impossible: usize,
    /// By the rule that the model says: those that were said to be unreachable.
    refused: std::collections::BTreeMap<&'static str, usize>,
}

/// Each step is accepted by table and model, and in the end all is as it is wanted.
#[track_caller]
fn arrives(model: &Model, wish: &Wish, options: PlanOptions, plan: Plan) -> usize {
    let (mut table, mut model) = (table(model), model.clone());
    let expected = requests(&model, wish, options.unmentioned);
    let steps = plan.len();
    for operation in plan.into_operations() {
        let request = asked(&operation);
        let by_table = table.apply(&operation, moment(AT));
        assert_same(&by_table, &model.apply(&request, AT), &request);
        assert!(by_table.is_ok(), "{request:?}: {by_table:?}");
    }
    assert_agree(&table, &model);
    assert_eq!(requests(&model, wish, options.unmentioned), []);
    assert!(steps >= expected.len());
    steps
}

/// How many aliases count against a key's quota once all is as it is wanted.
fn count_at_the_end(model: &Model, wish: &Wish, unmentioned: Unmentioned, key_id: &str) -> usize {
    let arn = model.key_arn(key_id);
    let is_aws = |name: &str| name.starts_with("alias/aws/");
    let wished = wish
        .iter()
        .filter(|(name, target)| !is_aws(name) && (*target == key_id || *target == arn));
    let stays = model.names_of(key_id).filter(|name| {
        let mentioned = wish.iter().any(|(wished, _)| wished == *name);
        unmentioned == Unmentioned::Stay && !mentioned && !is_aws(name)
    });
    wished.count() + stays.count()
}

/// What is said to be unreachable is what the model refuses, but for type, usage and room; and of
/// keys that are to have too many, as many as are too many.
#[track_caller]
fn is_impossible(
    model: &Model,
    wish: &Wish,
    options: PlanOptions,
    told: &Impossible,
    seen: &mut Seen,
) {
    let mut told = told.unreachable().iter().peekable();
    let mut without_room = Vec::new();
    for (name, request) in requests(model, wish, options.unmentioned) {
        let refused = model.check(&request, AT).err();
        let refused = refused.filter(|refused| !["U3", "U4", "T6"].contains(&refused.rule));
        let told = told.next_if(|told| *told.alias_name() == *name.as_str());
        match (told, refused) {
            (Some(told), Some(refused)) => {
                *seen.refused.entry(refused.rule).or_default() += 1;
                let first = told.refusals()[0].clone();
                assert_same(&Err::<(), _>(first), &Err::<(), _>(refused), &request);
            }
            (Some(told), None) => {
                let rules: Vec<_> = told.rules().map(|rule| rule.number()).collect();
                assert_eq!(rules, ["T6"], "{name}");
                *seen.refused.entry("T6").or_default() += 1;
                let target = told.target_key_id().expect("a target");
                without_room.push(target.key_id().to_string());
            }
            (None, Some(refused)) => panic!("{name} is not told: {refused:?}"),
            (None, None) => {}
        }
    }
    assert_eq!(told.next(), None, "nothing else is told");
    for key_id in &without_room {
        let count = count_at_the_end(model, wish, options.unmentioned, key_id);
        let told = without_room.iter().filter(|other| *other == key_id).count();
        assert!(told <= count.saturating_sub(model.quota), "{key_id}");
        assert!(count > model.quota, "{key_id}");
    }
}

#[test]
fn ten_thousand_random_plans_arrive_or_are_impossible_as_the_model_says_a4_t1_t2_t3_t4_t5_t6() {
    let mut runner = TestRunner::deterministic();
    let mut seen = Seen::default();
    let options = (
        any::<bool>(),
        0..3_usize,
        proptest::sample::select(KEY_IDS.to_vec()),
    );
    let strategy = (world_and_wanted(), options);
    for _ in 0..PAIRS {
        let tree = strategy.new_tree(&mut runner).expect("a value");
        let ((model, wish), (go, third, key_id)) = tree.current();
        let options = PlanOptions::default()
            .with_unmentioned(if go {
                Unmentioned::Go
            } else {
                Unmentioned::Stay
            })
            .with_third_key([ThirdKey::No, ThirdKey::Any, ThirdKey::This(parsed(key_id))][third]);
        match Plan::new(&table(&model), &wanted(&wish), options, moment(AT)) {
            Ok(plan) => {
                seen.plans += 1;
                seen.steps += arrives(&model, &wish, options, plan);
            }
            Err(told) => {
                seen.impossible += 1;
                is_impossible(&model, &wish, options, &told, &mut seen);
            }
        }
    }
    assert!(seen.plans > PAIRS / 4 && seen.steps > PAIRS, "{seen:?}");
    assert!(seen.impossible > PAIRS / 4, "{seen:?}");
    let rules: Vec<_> = seen.refused.keys().copied().collect();
    assert_eq!(
        rules,
        ["A4", "T1", "T2", "T3", "T4", "T5", "T6"],
        "{seen:?}"
    );
}
