//! The order of the steps: an alias comes to its key when there is room (rule T6).
#![expect(
    clippy::indexing_slicing,
    reason = "the numbers of keys and moves are places in lists that have all of them"
)]

use alloc::vec;
use alloc::vec::Vec;

use super::act::{Act, Part};
use super::knots::Arrivals;
use super::moves::{Moves, Route};

/// The steps in their order: by name where there is room, deletes last where none of them has to
/// make room, and a gap, or a stay at a third key, as late as it can be.
pub(super) fn order(moves: &Moves, arrivals: &Arrivals) -> Vec<Act> {
    let mut order = Order::new(moves, arrivals);
    for number in 0..moves.moves.len() {
        order.arrive_if_there_is_room(number);
    }
    order.freed = (0..order.free.len()).collect();
    order.fill_all();
    while order.make_room() {
        order.fill_all();
    }
    order.delete_the_rest();
    order.acts
}

/// How far a move has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Waits,
    /// The first of its two steps is done.
    Begun,
    Done,
}

struct Order<'a> {
    moves: &'a Moves,
    arrivals: &'a Arrivals,
    progress: Vec<Progress>,
    /// The places that are free at each key; fewer than none at a key above the quota.
    free: Vec<i64>,
    /// How many aliases are still to come to each key, to stay or for a while.
    awaited: Vec<usize>,
    /// Up to where the arrivals of each key are done.
    next: Vec<usize>,
    /// Keys that may have got room.
    freed: Vec<usize>,
    detours: Vec<Detour>,
    deletes: usize,
    gaps: usize,
    acts: Vec<Act>,
}

/// The moves by way of a third key, and how many of them have begun.
struct Detour {
    third: usize,
    moves: Vec<usize>,
    begun: usize,
}

impl<'a> Order<'a> {
    fn new(moves: &'a Moves, arrivals: &'a Arrivals) -> Self {
        let keys = &moves.keys;
        let signed = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let free = keys.before.iter();
        Self {
            moves,
            arrivals,
            progress: vec![Progress::Waits; moves.moves.len()],
            free: free
                .map(|before| signed(keys.quota).saturating_sub(signed(*before)))
                .collect(),
            awaited: keys.arrivals.clone(),
            next: vec![0; keys.ids.len()],
            freed: Vec::new(),
            detours: detours(moves),
            deletes: 0,
            gaps: 0,
            acts: Vec::with_capacity(moves.moves.len()),
        }
    }

    fn route(&self, number: usize) -> Route {
        self.moves.moves[number].route
    }

    fn act(&mut self, number: usize, part: Part) {
        self.acts.push(Act { number, part });
    }

    /// An alias leaves a key, which may have room now.
    fn leave(&mut self, key: usize) {
        self.free[key] = self.free[key].saturating_add(1);
        self.freed.push(key);
    }

    /// An alias comes to a key.
    fn take(&mut self, key: usize) {
        self.free[key] = self.free[key].saturating_sub(1);
        self.awaited[key] = self.awaited[key].saturating_sub(1);
    }

    fn arrive_if_there_is_room(&mut self, number: usize) {
        let route = self.route(number);
        let to = route.to().filter(|to| self.free[to.number] > 0);
        if to.is_some_and(|to| self.may_come(number, to.number)) {
            self.finish(number);
        }
    }

    /// Whether a move is one that can come next to its key, if that has room.
    fn may_come(&self, number: usize, key: usize) -> bool {
        let (awaited, free) = (self.awaited[key], self.free[key]);
        let room_for_all = usize::try_from(free).is_ok_and(|free| free >= awaited);
        let in_turn = self.arrivals.last[key] != Some(number) || room_for_all;
        let at_third = matches!(self.route(number), Route::Aside { .. });
        in_turn && (!at_third || self.progress[number] == Progress::Begun)
    }

    /// The last step of a move, and the one before it if it is not done yet.
    fn finish(&mut self, number: usize) {
        let route = self.route(number);
        match route {
            Route::Create { .. } => self.act(number, Part::Only),
            Route::Update { from, .. } | Route::Delete { from } => {
                self.act(number, Part::Only);
                self.leave(from);
            }
            Route::Gap { from, .. } => {
                if self.progress[number] == Progress::Waits {
                    self.act(number, Part::First);
                    self.leave(from);
                }
                self.act(number, Part::Second);
            }
            Route::Aside { third, .. } => {
                self.act(number, Part::Second);
                self.leave(third);
            }
        }
        self.progress[number] = Progress::Done;
        if let Some(to) = route.to() {
            self.take(to.number);
        }
    }

    fn fill_all(&mut self) {
        while let Some(key) = self.freed.pop() {
            while self.free[key] > 0 && self.fill(key) {}
        }
    }

    /// Lets the next alias come to a key that has room, if one can.
    fn fill(&mut self, key: usize) -> bool {
        let group = self.arrivals.groups.of_key(key);
        let next = &mut self.next[key];
        while group
            .get(*next)
            .is_some_and(|number| self.progress[*number] == Progress::Done)
        {
            *next = next.saturating_add(1);
        }
        let Some(number) = group.get(*next).copied() else {
            return false;
        };
        let comes = self.may_come(number, key);
        if comes {
            self.finish(number);
        }
        comes
    }

    /// Where nothing can come: room by a delete, by a stay at a third key, or by a gap, in this
    /// order.
    fn make_room(&mut self) -> bool {
        self.delete_for_room() || self.begin_a_detour() || self.open_a_gap()
    }

    fn delete_for_room(&mut self) -> bool {
        while let Some(to_move) = self.moves.moves.get(self.deletes) {
            let number = self.deletes;
            self.deletes = self.deletes.saturating_add(1);
            // Where nothing comes any more, nothing will: it can be deleted at the end.
            let Route::Delete { from } = to_move.route else {
                continue;
            };
            if self.awaited[from] > 0 {
                self.finish(number);
                return true;
            }
        }
        false
    }

    fn begin_a_detour(&mut self) -> bool {
        let free = &self.free;
        let detour = self
            .detours
            .iter_mut()
            .find(|detour| detour.begun < detour.moves.len() && free[detour.third] > 0);
        let Some(detour) = detour else { return false };
        let (third, number) = (detour.third, detour.moves[detour.begun]);
        detour.begun = detour.begun.saturating_add(1);
        self.act(number, Part::First);
        self.progress[number] = Progress::Begun;
        self.take(third);
        if let Route::Aside { from, .. } = self.route(number) {
            self.leave(from);
        }
        // Its last arrival may have waited for this one.
        self.freed.push(third);
        true
    }

    /// One that still waits leaves a key to which others are to come: were it not so, a place would be
    /// free where its own way ends, and what comes there would have come.
    fn open_a_gap(&mut self) -> bool {
        while let Some(to_move) = self.moves.moves.get(self.gaps) {
            let number = self.gaps;
            self.gaps = self.gaps.saturating_add(1);
            let Route::Gap { from, .. } = to_move.route else {
                continue;
            };
            if self.progress[number] == Progress::Waits {
                self.act(number, Part::First);
                self.progress[number] = Progress::Begun;
                self.leave(from);
                return true;
            }
        }
        false
    }

    fn delete_the_rest(&mut self) {
        for number in 0..self.moves.moves.len() {
            let waits = self.progress[number] == Progress::Waits;
            if waits && matches!(self.route(number), Route::Delete { .. }) {
                self.finish(number);
            }
        }
    }
}

/// The detours by their third keys: few, as one serves all keys of its kind.
fn detours(moves: &Moves) -> Vec<Detour> {
    let mut detours: Vec<Detour> = Vec::new();
    for (number, to_move) in moves.moves.iter().enumerate() {
        let Route::Aside { third, .. } = to_move.route else {
            continue;
        };
        match detours.iter_mut().find(|detour| detour.third == third) {
            Some(detour) => detour.moves.push(number),
            None => detours.push(Detour {
                third,
                moves: vec![number],
                begun: 0,
            }),
        }
    }
    detours
}
