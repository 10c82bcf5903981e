//! Which keys get room of their own, and how knots of full keys are untied (rule T6).
#![expect(
    clippy::indexing_slicing,
    reason = "the numbers of keys and moves are places in lists that have all of them"
)]

use alloc::collections::VecDeque;
use alloc::vec;
use alloc::vec::Vec;

use super::groups::Groups;
use super::moves::{Moves, Route};
use super::third::ThirdKeys;
use kms_alias::Rule;

/// The arrivals at each key, and for keys that are full at the end the one that has to be the last.
pub(super) struct Arrivals {
    /// By key, in the order of the names, but the last one at the end.
    pub(super) groups: Groups,
    pub(super) last: Vec<Option<usize>>,
}

/// Reaches every key with arrivals from one that gets room of its own, and gives aliases of the
/// knots that are left another route, one of each.
pub(super) fn untie(moves: &mut Moves, mut third_keys: ThirdKeys<'_>) -> Arrivals {
    let mut search = Search::new(moves);
    search.begin_with_room();
    search.begin_with_creates();
    search.go_on();
    let mut knots = search.knots();
    // A third key that is itself behind a knot serves all others once that one is untied.
    let third = third_keys.named(&search.moves.keys);
    if let Some(before) = third.and_then(|third| search.knot_before(third, &knots)) {
        knots.swap(0, before);
    }
    for knot in knots {
        search.untie(knot, &mut third_keys);
    }
    search.finish()
}

struct Search<'a> {
    moves: &'a mut Moves,
    arrivals: Groups,
    /// The updates that leave each key: the arrows along which keys are reached.
    departures: Groups,
    /// Whether a key was reached from one with room.
    reached: Vec<bool>,
    /// By which move it was, unless it has room of its own.
    last: Vec<Option<usize>>,
    waiting: VecDeque<usize>,
}

impl<'a> Search<'a> {
    fn new(moves: &'a mut Moves) -> Self {
        let keys = moves.keys.ids.len();
        let numbered = || moves.moves.iter().enumerate();
        let arrivals = numbered().filter_map(|(number, to_move)| {
            let to = to_move.route.to()?;
            Some((to.number, number))
        });
        let departures = numbered().filter_map(|(number, to_move)| match to_move.route {
            Route::Update { from, .. } => Some((from, number)),
            _ => None,
        });
        Self {
            arrivals: Groups::of(keys, arrivals),
            departures: Groups::of(keys, departures),
            reached: vec![false; keys],
            last: vec![None; keys],
            waiting: VecDeque::new(),
            moves,
        }
    }

    /// Keys to which nothing comes, and keys with a place free at the end.
    fn begin_with_room(&mut self) {
        for key in 0..self.reached.len() {
            let keys = &self.moves.keys;
            if keys.arrivals[key] == 0 || keys.after[key] < keys.quota {
                self.reach(key, None);
            }
        }
    }

    /// Keys at which an alias is created: it can come last, as it takes no other key's place.
    fn begin_with_creates(&mut self) {
        for number in (0..self.moves.moves.len()).rev() {
            if let Route::Create { to } | Route::Gap { to, .. } = self.moves.moves[number].route {
                self.reach(to.number, Some(number));
            }
        }
    }

    fn reach(&mut self, key: usize, by: Option<usize>) {
        if !self.reached[key] {
            self.reached[key] = true;
            self.last[key] = by;
            self.waiting.push_back(key);
        }
    }

    /// Reaches what can be reached from the keys that were.
    fn go_on(&mut self) {
        while let Some(key) = self.waiting.pop_front() {
            for place in 0..self.departures.of_key(key).len() {
                let number = self.departures.of_key(key)[place];
                if let Some(to) = self.moves.moves[number].route.to().copied() {
                    self.reach(to.number, Some(number));
                }
            }
        }
    }

    /// One key of each knot, from which all keys that were not reached can be, and none of which
    /// can be reached from another.
    fn knots(&self) -> Vec<usize> {
        let unreached = (0..self.reached.len()).filter(|key| !self.reached[*key]);
        // None of these is reached from an earlier one.
        let mut seen = self.reached.clone();
        let candidates: Vec<usize> = unreached
            .filter(|key| self.see_from(*key, &mut seen))
            .collect();
        // And none that is left is reached from a later one.
        let mut seen = self.reached.clone();
        let mut knots: Vec<usize> = candidates
            .into_iter()
            .rev()
            .filter(|key| self.see_from(*key, &mut seen))
            .collect();
        knots.reverse();
        knots
    }

    /// Sees what can be reached from a key; whether the key itself was not seen before.
    fn see_from(&self, key: usize, seen: &mut [bool]) -> bool {
        if seen[key] {
            return false;
        }
        seen[key] = true;
        let mut waiting = vec![key];
        while let Some(key) = waiting.pop() {
            let departures = self.departures.of_key(key).iter();
            for to in departures.filter_map(|number| self.moves.moves[*number].route.to()) {
                if !seen[to.number] {
                    seen[to.number] = true;
                    waiting.push(to.number);
                }
            }
        }
        true
    }

    /// The place in the list of a knot from which a key is reached.
    fn knot_before(&self, key: usize, knots: &[usize]) -> Option<usize> {
        let mut seen = self.reached.clone();
        let mut waiting = vec![key];
        while let Some(key) = waiting.pop() {
            if seen[key] {
                continue;
            }
            seen[key] = true;
            let arrivals = self.arrivals.of_key(key).iter();
            // What comes to a key that was not reached comes by an update.
            waiting.extend(
                arrivals.filter_map(|number| match self.moves.moves[*number].route {
                    Route::Update { from, .. } => Some(from),
                    _ => None,
                }),
            );
        }
        knots.iter().position(|knot| seen[*knot])
    }

    /// Gives one alias another route, by which the keys behind the knot are reached.
    fn untie(&mut self, knot: usize, third_keys: &mut ThirdKeys<'_>) {
        // All that comes here comes by an update, from a key that was not reached either.
        let first = self.arrivals.of_key(knot).first();
        let first = first.map(|number| (*number, self.moves.moves[*number].route));
        let Some((number, Route::Update { from, to })) = first else {
            return;
        };
        let keys = &self.moves.keys;
        let has_room = |key: usize| {
            self.reached[key] && (keys.arrivals[key] > 0 || keys.after[key] < keys.quota)
        };
        let third = third_keys.find(&self.moves.moves[number], keys, has_room);
        self.moves.moves[number].route = match third {
            Some(third) => {
                let arrivals = &mut self.moves.keys.arrivals[third];
                *arrivals = arrivals.saturating_add(1);
                Route::Aside { from, third, to }
            }
            None => {
                third_keys.remember(knot);
                let cause = Rule::T6;
                Route::Gap { from, to, cause }
            }
        };
        self.reach(knot, Some(number));
        self.go_on();
    }

    fn finish(mut self) -> Arrivals {
        for (key, last) in self.last.iter().enumerate() {
            if let Some(last) = last {
                self.arrivals.put_last(key, *last);
            }
        }
        Arrivals {
            groups: self.arrivals,
            last: self.last,
        }
    }
}
