//! The steps of a run as the engine sees them: what each asks, and what stands in for keys that are not known.

use std::borrow::Cow;
use std::collections::BTreeMap;

use hashbrown::{HashMap, HashSet};
use kms_alias::{AccountId, KeyId, Operation, Refusal, Scope};

use super::description::DependsOn;
use super::facts::KeyFacts;
use super::identity::Identity;
use super::outcome::Answer;
use super::place::Place;

/// A step as the engine sees it.
#[derive(Clone, Debug)]
pub(super) struct Task<'r> {
    /// The index of its place.
    pub(super) place: usize,
    pub(super) asks: Asks<'r>,
}

/// What a step asks for.
#[derive(Clone, Debug)]
pub(super) enum Asks<'r> {
    Operation(Cow<'r, Operation>),
    /// It is refused for its shape: for one reason, or for one of these where its name is not known.
    Refused(Vec<Cow<'r, Refusal>>),
    /// CreateKey of what there cannot be: it is refused with one of these.
    Never(Vec<Answer>),
    Make(Make),
}

/// How a step makes a key.
#[derive(Clone, Debug)]
pub(super) enum Make {
    /// CreateKey of the key of this stand-in, or ReplicateKey of a primary that is not known; it may
    /// be refused with one of these, whatever stands in the account.
    New {
        key_id: KeyId,
        refusals: Vec<Answer>,
    },
    /// ReplicateKey.
    Replica(Replica),
}

/// A step that makes a replica.
#[derive(Clone, Debug)]
pub(super) struct Replica {
    /// The place and the ID of the primary key.
    pub(super) primary: (usize, KeyId),
    /// The account that the ARN of the primary key tells, if that is not the one in which it is asked for.
    pub(super) told: Option<AccountId>,
    /// The ID of the replica, where there can be one.
    pub(super) key_id: Option<KeyId>,
    pub(super) region: ReplicaRegion,
    /// What is known of the replica besides.
    pub(super) facts: KeyFacts,
    /// Whether it is not known what a tool does to its state once it is made.
    pub(super) is_state_open: bool,
}

/// Where a replica is made, seen from its primary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum ReplicaRegion {
    Other,
    OfPrimary,
    OfOtherPartition,
}

impl Task<'_> {
    /// The place and the ID of the key that a step asks for.
    pub(super) fn asks_for(&self) -> Option<(usize, KeyId)> {
        match &self.asks {
            Asks::Make(Make::Replica(replica)) => Some(replica.primary),
            _ => Some((self.place, super::closed::key_id(self.operation()?)?)),
        }
    }

    pub(super) fn operation(&self) -> Option<&Operation> {
        match &self.asks {
            Asks::Operation(operation) => Some(operation),
            _ => None,
        }
    }
}

/// A key that has no ID yet, or none that is known.
#[derive(Clone, Debug)]
pub(super) struct StandIn {
    pub(super) label: Box<str>,
    pub(super) facts: KeyFacts,
    /// Whether a step of the run makes it.
    pub(super) is_made: bool,
    /// Whether it is certainly not where it is named, unless a step makes a replica there: it is made
    /// in another place, or not at all.
    pub(super) is_absent: bool,
    /// On what it hangs whether it is made; nothing if that is certain.
    pub(super) depends_on: Vec<DependsOn>,
    /// Whether it is not known what a tool does to its state once it is made.
    pub(super) is_state_open: bool,
}

/// One case of what is not known before a run is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Case {
    /// The values of names that are not known, by place and label; the others are like no other.
    pub(super) names: BTreeMap<(Place, Box<str>), Box<str>>,
    /// Names that are none: texts that stand for the ways in which they can be malformed.
    pub(super) malformed: BTreeMap<(Place, Box<str>), Vec<Box<str>>>,
    /// The scope of each place of which account or Region is unknown, if it is one that an ARN
    /// names.
    pub(super) scopes: BTreeMap<Place, Scope>,
    /// Which keys those are that are not known, by place and label; the others are like no other.
    pub(super) keys: BTreeMap<(Place, Box<str>), Identity>,
}

/// The steps of a run, typed.
pub(super) struct Tasks<'r> {
    pub(super) list: Vec<Task<'r>>,
    pub(super) places: Vec<Place>,
    pub(super) stand_ins: HashMap<(usize, KeyId), StandIn>,
    /// What is known besides of keys that unknown ones are in this case.
    pub(super) besides: HashMap<(usize, KeyId), Vec<KeyFacts>>,
    /// Names that are made to differ from every other: no list need tell that they are free.
    pub(super) unique: HashSet<(usize, Box<str>)>,
}
