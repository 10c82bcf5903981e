//! Steps that change places: orders between two others, by swaps of neighbours, and what holds of one of
//! two steps of one shape told of the other.

use super::explore::{Block, Explored};
use super::outcome::Need;
use super::world::Event;

/// The steps among events, in their order.
pub(super) fn steps(events: &[Event]) -> Vec<usize> {
    let step = |event: &Event| match event {
        Event::Step(step) => Some(*step),
        _ => None,
    };
    events.iter().filter_map(step).collect()
}

/// Events whose steps are brought towards an order by so many swaps of neighbours: the events, how
/// many swaps there were, and the pair that was swapped last.
pub(super) fn swapped(
    events: &[Event],
    goal: &[usize],
    most: usize,
) -> (Vec<Event>, usize, Option<(usize, usize)>) {
    let mut order = steps(events);
    let (mut count, mut last) = (0_usize, None);
    'all: for (place, wanted) in goal.iter().enumerate() {
        let at = order
            .iter()
            .position(|step| step == wanted)
            .unwrap_or(place);
        for at in (place.saturating_add(1)..=at).rev() {
            if count == most {
                break 'all;
            }
            let before = at.saturating_sub(1);
            last = order.get(before).copied().zip(order.get(at).copied());
            order.swap(before, at);
            count = count.saturating_add(1);
        }
    }
    let mut order = order.into_iter();
    let in_order = |event: &Event| match event {
        Event::Step(step) => Event::Step(order.next().unwrap_or(*step)),
        event => *event,
    };
    (events.iter().map(in_order).collect(), count, last)
}

/// Needs that were found for one step, told of another of its shape.
pub(super) fn exchanged(
    block: Block<'_>,
    explored: &Explored,
    steps: (usize, usize),
    needs: &[Need],
) -> Vec<Need> {
    let exchange = |of: usize| exchange(block, explored, steps, of);
    let told = |need: &Need| match need {
        Need::Order { first, second } => {
            let (first, second) = (exchange(*first), exchange(*second));
            Need::Order {
                first: first.min(second),
                second: first.max(second),
            }
        }
        need => need.clone(),
    };
    needs.iter().map(told).collect()
}

/// The step that takes the part of another when two steps of one shape change places.
pub(super) fn exchange(
    block: Block<'_>,
    explored: &Explored,
    (one, other): (usize, usize),
    of: usize,
) -> usize {
    let place = |step: usize| block.steps.iter().position(|known| *known == step);
    let (Some(one), Some(other), Some(mine)) = (place(one), place(other), place(of)) else {
        return of;
    };
    let exchanged = explored.strands.exchanged(one, other, mine);
    block.steps.get(exchanged).copied().unwrap_or(of)
}
