//! A plan judged by the model: it is accepted and arrives, or what it says is unreachable is
//! refused by the model too.

use kms_alias::{AnyAliasName, Operation, TargetKeyId};
use kms_alias_foresee::{Impossible, Plan, PlanOptions, Unmentioned, Wanted};

use crate::model::adaptor::{assert_agree, assert_same, moment, parsed, table};
use crate::model::{Model, Request};

const AT: i64 = 1_700_000_000_000;

/// Names and the keys that they are to have, as text.
pub type Wish = Vec<(String, String)>;

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

/// What came of a wish.
#[derive(Debug)]
pub enum Outcome {
    /// A plan of so many steps.
    Arrived(usize),
    /// The rules by which the model refuses what is wanted, an alias each.
    Impossible(Vec<&'static str>),
}

/// Plans, and judges the plan, or what is said to be unreachable.
#[track_caller]
pub fn judge(model: &Model, wish: &Wish, options: PlanOptions) -> Outcome {
    match Plan::new(&table(model), &wanted(wish), options, moment(AT)) {
        Ok(plan) => Outcome::Arrived(arrives(model, wish, options, plan)),
        Err(told) => Outcome::Impossible(is_impossible(model, wish, options, &told)),
    }
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
) -> Vec<&'static str> {
    let mut told = told.unreachable().iter().peekable();
    let (mut refused_by, mut without_room) = (Vec::new(), Vec::new());
    for (name, request) in requests(model, wish, options.unmentioned) {
        let refused = model.check(&request, AT).err();
        let refused = refused.filter(|refused| !["U3", "U4", "T6"].contains(&refused.rule));
        let told = told.next_if(|told| *told.alias_name() == *name.as_str());
        match (told, refused) {
            (Some(told), Some(refused)) => {
                refused_by.push(refused.rule);
                let first = told.refusals()[0].clone();
                assert_same(&Err::<(), _>(first), &Err::<(), _>(refused), &request);
            }
            (Some(told), None) => {
                let rules: Vec<_> = told.rules().map(|rule| rule.number()).collect();
                assert_eq!(rules, ["T6"], "{name}");
                refused_by.push("T6");
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
    refused_by
}
