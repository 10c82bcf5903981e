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
        let mut pairs = inside(stack, wanted);
        for other in &stack.after {
            pairs.extend(product(
                &of_stack(wanted, *other),
                &of_stack(wanted, stack.number),
            ));
        }
        for (first, second) in pairs {
            if let Some(list) = after.get_mut(second) {
                list.push(first);
            }
        }
    }
    after
}

fn of_stack(wanted: &[Wanted<'_>], stack: usize) -> Vec<usize> {
    let each = wanted.iter().enumerate();
    let own = each.filter(|(_, step)| step.stack == stack);
    own.map(|(number, _)| number).collect()
}

/// Each of some steps before each of others.
fn product(firsts: &[usize], seconds: &[usize]) -> Vec<(usize, usize)> {
    let each = seconds.iter();
    each.flat_map(|second| firsts.iter().map(|first| (*first, *second)))
        .collect()
}

/// The pairs of steps of one stack, the first of which comes before the second.
fn inside(stack: &Stack<'_>, wanted: &[Wanted<'_>]) -> Vec<(usize, usize)> {
    let own = of_stack(wanted, stack.number);
    let goes = |step: &usize| {
        wanted
            .get(*step)
            .is_some_and(|step| step.deed == Deed::Delete)
    };
    let (going, making): (Vec<usize>, Vec<usize>) = own.into_iter().partition(goes);
    let mut all = product(&making, &going);
    all.extend(pairs(&stack.new, &making, wanted));
    if let Some(old) = &stack.old {
        let inverted = pairs(old, &going, wanted);
        all.extend(inverted.into_iter().map(|(first, second)| (second, first)));
    }
    all
}

/// Steps of which the second one's resource depends on that of the first.
fn pairs(resources: &Resources<'_>, steps: &[usize], wanted: &[Wanted<'_>]) -> Vec<(usize, usize)> {
    /// More than a template of the largest size allowed has.
    const MOST_VISITS: usize = 1_000_000;
    let (logical_ids, dependencies) = resources.dependencies();
    let number = |step: usize| {
        let logical_id = wanted.get(step)?.logical_id;
        logical_ids.binary_search(&logical_id).ok()
    };
    let by_resource: BTreeMap<usize, usize> = steps
        .iter()
        .filter_map(|step| Some((number(*step)?, *step)))
        .collect();
    let mut visits = MOST_VISITS;
    let mut pairs = Vec::new();
    for (resource, second) in &by_resource {
        let counts = |other: usize| by_resource.contains_key(&other);
        for first in nearest(*resource, &dependencies, &mut visits, counts) {
            if let Some(first) = by_resource.get(&first) {
                pairs.push((*first, *second));
            }
        }
    }
    pairs
}
