//! The order of steps that CloudFormation keeps to: what is new or changed in the order of its
//! dependencies, then what goes in the opposite one; a stack after those that it depends on.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::stack::Resources;
use super::steps::{Deed, Stack, Wanted};
use crate::graph::nearest;

/// Of each step those that come before it.
pub(super) fn order(stacks: &[Stack<'_>], wanted: &[Wanted<'_>]) -> Vec<Vec<usize>> {
    let mut after: Vec<Vec<usize>> = wanted.iter().map(|_| Vec::new()).collect();
    for stack in stacks {
        let mut pairs = inside(stack, stacks, wanted);
        for other in &stack.after {
            let of_root = |root: usize| {
                let is_inside =
                    |number: usize| stacks.get(number).is_some_and(|it| it.root == root);
                of_stacks(wanted, is_inside)
            };
            pairs.extend(product(&of_root(*other), &of_root(stack.number)));
        }
        for (first, second) in pairs {
            if let Some(list) = after.get_mut(second) {
                list.push(first);
            }
        }
    }
    after
}

/// The steps of some stacks.
fn of_stacks(wanted: &[Wanted<'_>], is_one: impl Fn(usize) -> bool) -> Vec<usize> {
    let each = wanted.iter().enumerate();
    let own = each.filter(|(_, step)| is_one(step.stack));
    own.map(|(number, _)| number).collect()
}

/// A nested stack, with those inside it: the steps of it that delete, or its others.
struct Inner<'v> {
    logical_id: &'v str,
    goes: bool,
    steps: Vec<usize>,
}

/// The nested stacks of a stack, with their steps of one kind.
fn inner<'v>(
    stack: &Stack<'_>,
    stacks: &'v [Stack<'_>],
    wanted: &[Wanted<'_>],
    deletes: bool,
) -> Vec<Inner<'v>> {
    let inner = stacks.iter().filter_map(|child| {
        let parent = child.parent.as_ref()?;
        (parent.stack == stack.number).then_some((child, parent))
    });
    let each = inner.map(|(child, parent)| {
        let is_inside = |number: usize| is_inside(stacks, number, child.number);
        let mut steps = of_stacks(wanted, is_inside);
        steps.retain(|step| is_delete(wanted, *step) == deletes);
        Inner {
            logical_id: parent.logical_id,
            goes: parent.goes,
            steps,
        }
    });
    each.collect()
}

/// Whether a stack is another one, or nested in it.
fn is_inside(stacks: &[Stack<'_>], number: usize, outer: usize) -> bool {
    let around = |number: &usize| Some(stacks.get(*number)?.parent.as_ref()?.stack);
    core::iter::successors(Some(number), around).any(|it| it == outer)
}

fn is_delete(wanted: &[Wanted<'_>], step: usize) -> bool {
    let step = wanted.get(step);
    step.is_some_and(|step| step.deed == Deed::Delete)
}

/// Each of some steps before each of others.
fn product(firsts: &[usize], seconds: &[usize]) -> Vec<(usize, usize)> {
    let each = seconds.iter();
    each.flat_map(|second| firsts.iter().map(|first| (*first, *second)))
        .collect()
}

/// What a stack makes and changes, with its nested stacks, before what goes from any of them: CloudFormation cleans
/// up nested stacks once all of them are updated. Where these are very many, its own before its own: what is in no
/// order is undecided.
fn with_inner(
    making: &[usize],
    inner_making: &[Inner<'_>],
    going: &[usize],
    inner_going: &[Inner<'_>],
) -> Vec<(usize, usize)> {
    /// More than templates of the largest size allowed have, one in the other.
    const MOST_PAIRS: usize = 1_000_000;
    let with = |own: &[usize], inner: &[Inner<'_>]| -> Vec<usize> {
        let inner = inner.iter().flat_map(|one| one.steps.iter());
        own.iter().chain(inner).copied().collect()
    };
    let (all_making, all_going) = (with(making, inner_making), with(going, inner_going));
    match all_making.len().saturating_mul(all_going.len()) {
        0..=MOST_PAIRS => product(&all_making, &all_going),
        _ => product(making, going),
    }
}

/// The pairs of steps of one stack and of the nested ones as its resources, the first of which comes before the
/// second.
fn inside(stack: &Stack<'_>, stacks: &[Stack<'_>], wanted: &[Wanted<'_>]) -> Vec<(usize, usize)> {
    let own = of_stacks(wanted, |number| number == stack.number);
    let (going, making): (Vec<usize>, Vec<usize>) =
        own.into_iter().partition(|step| is_delete(wanted, *step));
    let inner_making = inner(stack, stacks, wanted, false);
    let mut inner_going = inner(stack, stacks, wanted, true);
    let mut all = with_inner(&making, &inner_making, &going, &inner_going);
    inner_going.retain(|one| one.goes);
    all.extend(pairs(&stack.new, &making, &inner_making, wanted));
    if let Some(old) = &stack.old {
        let inverted = pairs(old, &going, &inner_going, wanted);
        all.extend(inverted.into_iter().map(|(first, second)| (second, first)));
    }
    all
}

/// Steps of which the second one's resource depends on that of the first.
fn pairs(
    resources: &Resources<'_>,
    steps: &[usize],
    inner: &[Inner<'_>],
    wanted: &[Wanted<'_>],
) -> Vec<(usize, usize)> {
    /// More than a template of the largest size allowed has.
    const MOST_VISITS: usize = 1_000_000;
    let (logical_ids, dependencies) = resources.dependencies();
    let number = |logical_id: &str| logical_ids.binary_search(&logical_id).ok();
    let own = steps.iter().filter_map(|step| {
        let logical_id = wanted.get(*step)?.logical_id;
        Some((number(logical_id)?, Vec::from([*step])))
    });
    let inner = inner.iter().filter(|one| !one.steps.is_empty());
    let inner = inner.filter_map(|one| Some((number(one.logical_id)?, one.steps.clone())));
    let by_resource: BTreeMap<usize, Vec<usize>> = own.chain(inner).collect();
    let mut visits = MOST_VISITS;
    let mut pairs = Vec::new();
    for (resource, seconds) in &by_resource {
        let counts = |other: usize| by_resource.contains_key(&other);
        for first in nearest(*resource, &dependencies, &mut visits, counts) {
            if let Some(firsts) = by_resource.get(&first) {
                pairs.extend(product(firsts, seconds));
            }
        }
    }
    pairs
}
