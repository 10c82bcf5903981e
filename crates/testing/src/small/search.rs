//! The cheapest way through a small world, by looking at all states that can be reached.

use super::{Cost, Third, World};

/// A state: for each name its key and one more, or 0 for none.
type State = Vec<usize>;

/// The cheapest way to what is wanted, if there is any.
pub fn cheapest(world: &World) -> Option<Cost> {
    let names = 0..world.names.len();
    let state = |key: &dyn Fn(usize) -> Option<usize>| -> State {
        names
            .clone()
            .map(|name| key(name).map_or(0, |key| key + 1))
            .collect()
    };
    let start = state(&|name| world.before(name));
    let end = state(&|name| world.after(name));
    let places = world.keys.len() + 1;
    let number = |state: &State| {
        state
            .iter()
            .fold(0, |number, place| number * places + place)
    };
    let mut gaps_to = vec![None; places.pow(u32::try_from(world.names.len()).expect("a few"))];
    gaps_to[number(&start)] = Some((0, 0));
    let mut level = vec![start];
    for steps in 0.. {
        if level.is_empty() {
            return None;
        }
        if let Some((_, gaps)) = gaps_to[number(&end)] {
            return Some(Cost { steps, gaps });
        }
        let mut next = Vec::new();
        for state in level {
            let (_, gaps) = gaps_to[number(&state)].expect("a state that was reached");
            for (after, opens) in steps_from(world, &state) {
                let gaps = gaps + usize::from(opens);
                match &mut gaps_to[number(&after)] {
                    Some((at, least)) if *at == steps + 1 => *least = gaps.min(*least),
                    Some(_) => {}
                    none => {
                        *none = Some((steps + 1, gaps));
                        next.push(after);
                    }
                }
            }
        }
        level = next;
    }
    None
}

/// Every state that one operation leads to, and whether it opens a gap.
fn steps_from(world: &World, state: &State) -> Vec<(State, bool)> {
    let mut steps = Vec::new();
    for (name, place) in state.iter().copied().enumerate() {
        if place > 0 {
            let stands_again = world.before(name).is_some() && world.after(name).is_some();
            steps.push((changed(state, name, 0), stands_again));
        }
        for key in 0..world.keys.len() {
            let full = state.iter().filter(|other| **other == key + 1).count() >= world.quota;
            if place == key + 1 || full || !takes(world, name, place, key) {
                continue;
            }
            steps.push((changed(state, name, key + 1), false));
        }
    }
    steps
}

fn changed(state: &State, name: usize, place: usize) -> State {
    let mut state = state.clone();
    state[name] = place;
    state
}

/// Whether a key takes a name, but for the room, and a plan may give it that key.
fn takes(world: &World, name: usize, place: usize, key: usize) -> bool {
    let same_kind = place == 0 || world.keys[place - 1].kind == world.keys[key].kind;
    let its_own = [world.before(name), world.after(name)].contains(&Some(key));
    let third = match world.third {
        Third::No => false,
        Third::Any => true,
        Third::This(third) => third == key,
    };
    world.keys[key].open && same_kind && (its_own || third)
}
