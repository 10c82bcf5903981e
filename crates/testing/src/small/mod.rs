//! Small worlds of a few keys and names, for exhaustive search.
//!
//! The search shares nothing with the crate: it knows the rules of a world as counts and kinds.
#![allow(dead_code, reason = "each test has its own use of it")]

pub mod plan;
pub mod random;
pub mod search;

/// A kind of key: an alias moves between keys of one kind (rules U3, U4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    pub kind: usize,
    /// Whether an alias can come to it (rule T5).
    pub open: bool,
}

impl Key {
    pub const OPEN: Self = Self {
        kind: 0,
        open: true,
    };
}

/// What is to become of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is to have this key, or to go, which is to be not mentioned where that means to go.
    Wanted(Option<usize>),
    /// It is not mentioned, and stays.
    Stays,
}

/// Which third key an alias may have for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Third {
    No,
    Any,
    This(usize),
}

/// Keys, and names with the key that each has and its fate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct World {
    pub quota: usize,
    pub keys: Vec<Key>,
    pub names: Vec<(Option<usize>, Fate)>,
    pub third: Third,
}

impl World {
    pub fn before(&self, name: usize) -> Option<usize> {
        self.names[name].0
    }

    pub fn after(&self, name: usize) -> Option<usize> {
        match self.names[name] {
            (_, Fate::Wanted(key)) => key,
            (key, Fate::Stays) => key,
        }
    }

    /// How many names have to change.
    pub fn changes(&self) -> usize {
        (0..self.names.len())
            .filter(|name| self.before(*name) != self.after(*name))
            .count()
    }
}

/// What a plan costs: steps first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cost {
    pub steps: usize,
    pub gaps: usize,
}

/// The crate's plan and the cheapest way, which cost the same; neither, if there is none.
#[track_caller]
pub fn compare(world: &World) -> Option<(plan::Planned, Cost)> {
    match (plan::plan(world), search::cheapest(world)) {
        (None, None) => None,
        (Some(planned), Some(cheapest)) => {
            assert_eq!(planned.cost, cheapest, "{world:?}");
            Some((planned, cheapest))
        }
        (planned, cheapest) => panic!("{planned:?}, {cheapest:?}: {world:?}"),
    }
}
