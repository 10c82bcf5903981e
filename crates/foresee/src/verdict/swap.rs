//! Orders of steps between two others, by swaps of neighbours.

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
