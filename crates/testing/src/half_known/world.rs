//! A small account that is half known, and steps that are about to happen there.

use kms_alias::{
    AccountId, AliasName, KeyArn, KeyId, KeyMetadata, Operation, Region, Scope, Timestamp,
    WaitingPeriod,
};
use kms_alias_foresee::verdict::{
    AliasList, Fact, KeyFacts, KeyList, KeyReference, Knowledge, Place, Request, Run, RunStep,
    UnknownKey,
};

pub const SCOPE: Scope = Scope::new(
    Region::from_static("eu-west-3"),
    AccountId::from_static("111122223333"),
);
/// Another Region of the same account, in which primary keys are.
pub const THERE: Scope = Scope::new(
    Region::from_static("us-east-1"),
    AccountId::from_static("111122223333"),
);
pub const AT: Timestamp = Timestamp::from_millis(1_700_000_000_000);

/// A key that the small world speaks of.
#[derive(Clone, Debug)]
pub enum Key {
    /// It is described.
    Described(KeyMetadata),
    /// It has this ID, and no more is known of it than the facts.
    Undescribed(KeyId, KeyFacts),
    /// It has no ID: a value that could not be followed.
    Label(&'static str, KeyFacts),
    /// A step makes it; and whether it is not known what a tool then does to its state.
    Made(KeyFacts, bool),
    /// A step makes it, a replica of another key of the list, which is in the other Region.
    Replica {
        primary: usize,
        /// What is known of it once it is made.
        facts: KeyFacts,
        /// What is known of a key that stands under its ID before, if the primary has an ID.
        before: KeyFacts,
    },
    /// A key in the other Region.
    There(Box<Self>),
}

impl Key {
    /// Whether a step makes it.
    pub const fn is_made(&self) -> bool {
        match self {
            Self::Made(..) | Self::Replica { .. } => true,
            Self::There(key) => key.is_made(),
            _ => false,
        }
    }

    /// The key, wherever it is.
    pub fn inner(&self) -> &Self {
        match self {
            Self::There(key) => key,
            key => key,
        }
    }

    /// Where it is.
    pub const fn scope(&self) -> Scope {
        match self {
            Self::There(_) => THERE,
            _ => SCOPE,
        }
    }
}

/// What a step asks for: names and keys by their place in the lists of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    Create(usize, usize),
    Update(usize, usize),
    Delete(usize),
    Enable(usize),
    Disable(usize),
    Schedule(usize),
    Cancel(usize),
    DeleteKey(usize),
    State(usize, kms_alias::KeyState),
    Make(usize),
}

impl Ask {
    /// The key that a step names.
    pub const fn key(self) -> Option<usize> {
        match self {
            Self::Create(_, key) | Self::Update(_, key) => Some(key),
            Self::Delete(_) => None,
            Self::Enable(key)
            | Self::Disable(key)
            | Self::Schedule(key)
            | Self::Cancel(key)
            | Self::DeleteKey(key)
            | Self::State(key, _)
            | Self::Make(key) => Some(key),
        }
    }

    /// The key that a step names as the target of an alias.
    pub const fn target(self) -> Option<usize> {
        match self {
            Self::Create(_, key) | Self::Update(_, key) => Some(key),
            _ => None,
        }
    }
}

/// A half-known account and a run.
#[derive(Clone, Debug)]
pub struct SmallWorld {
    pub keys: Vec<Key>,
    /// On which key each name stands.
    pub stands: Vec<Option<usize>>,
    pub quota: u32,
    pub keys_complete: bool,
    /// Whether replicas that nothing mentions are taken as not there.
    pub assumes_absent: bool,
    pub steps: Vec<Ask>,
    /// For each step those that come before it; none of this if the steps are listed.
    pub after: Option<Vec<Vec<usize>>>,
}

pub fn key_id(number: usize) -> KeyId {
    let number = u8::try_from(number).expect("few keys");
    KeyId::new([number + 0x10; 16], false)
}

pub fn name(number: usize) -> AliasName {
    format!("alias/name-{number}").parse().expect("a name")
}

/// The ID by which the oracle knows a key, also one that has none.
pub fn oracle_id(world: &SmallWorld, number: usize) -> KeyId {
    match world.keys[number].inner() {
        Key::Described(key) => key.key_id(),
        Key::Undescribed(key_id, _) => *key_id,
        Key::Replica { primary, .. } => KeyId::new(*oracle_id(world, *primary).as_bytes(), true),
        Key::Label(..) | Key::Made(..) => key_id(number),
        Key::There(_) => unreachable!("no key is there twice"),
    }
}

/// What is shown for a key that has no ID.
pub fn shown(world: &SmallWorld, number: usize) -> Option<String> {
    let made = || {
        // Replicas of one primary key in one Region are one key, called by the first step.
        let makes = |ask: &Ask| match ask {
            Ask::Make(other) => *other == number || is_same_replica(world, *other, number),
            _ => false,
        };
        let make = world.steps.iter().position(makes);
        let make = make.expect("a step makes it") + 1;
        Some(format!("key of step {make}"))
    };
    match world.keys[number].inner() {
        Key::Label(label, _) => Some((*label).to_owned()),
        Key::Made(..) => made(),
        Key::Replica { primary, .. } => {
            // A key of a single Region has no replica whose ID could be known.
            let has_id = oracle_id(world, *primary).is_multi_region();
            (shown(world, *primary).is_some() || !has_id)
                .then(made)
                .flatten()
        }
        _ => None,
    }
}

fn is_same_replica(world: &SmallWorld, one: usize, other: usize) -> bool {
    match (&world.keys[one], &world.keys[other]) {
        (Key::Replica { primary: one, .. }, Key::Replica { primary: other, .. }) => one == other,
        _ => false,
    }
}

/// A described multi-Region key in the other Region.
pub fn described_there(
    number: usize,
    change: impl Fn(kms_alias::KeyMetadataBuilder) -> kms_alias::KeyMetadataBuilder,
) -> Key {
    let arn = KeyArn::new(THERE, KeyId::new(*key_id(number).as_bytes(), true));
    let key = change(KeyMetadata::builder(arn)).build().expect("a key");
    Key::There(Box::new(Key::Described(key)))
}

/// The facts of a key that is made of which the value may be none that KMS takes.
pub fn open(facts: &KeyFacts) -> Vec<Fact> {
    let mut open = Vec::new();
    open.extend(facts.spec.is_none().then_some(Fact::KeyType));
    open.extend(facts.usage.is_none().then_some(Fact::KeyUsage));
    open
}

pub fn described(
    number: usize,
    change: impl Fn(kms_alias::KeyMetadataBuilder) -> kms_alias::KeyMetadataBuilder,
) -> Key {
    let arn = KeyArn::new(SCOPE, key_id(number));
    Key::Described(change(KeyMetadata::builder(arn)).build().expect("a key"))
}

impl SmallWorld {
    /// What is known of both Regions.
    pub fn knowledge(&self) -> Vec<Knowledge> {
        [SCOPE, THERE]
            .into_iter()
            .map(|scope| self.knowledge_of(scope))
            .collect()
    }

    fn knowledge_of(&self, scope: Scope) -> Knowledge {
        let mut knowledge = Knowledge::new(Place::from(scope)).with_aliases_per_key(self.quota);
        knowledge.alias_list = AliasList::Complete;
        if self.keys_complete {
            knowledge.key_list = KeyList::Complete;
        }
        for (number, key) in self.keys.iter().enumerate() {
            if key.scope() != scope {
                continue;
            }
            match key.inner() {
                Key::Described(key) => {
                    knowledge
                        .table_mut()
                        .insert_key(key.clone())
                        .expect("a new key");
                }
                Key::Undescribed(key_id, facts) => {
                    knowledge.insert_undescribed_key(*key_id, *facts);
                }
                Key::Replica { before, .. } if shown(self, number).is_none() => {
                    let key_id = oracle_id(self, number);
                    knowledge.insert_undescribed_key(key_id, *before);
                    if self.assumes_absent {
                        knowledge.assume_absent(key_id);
                    }
                }
                _ => {}
            }
        }
        // The aliases of described keys have to pass no rule: they stand.
        let mut parts = knowledge.table().snapshot();
        let mut undescribed = Vec::new();
        for (number, stands) in self.stands.iter().enumerate() {
            let Some(on) = stands else { continue };
            if self.keys[*on].scope() != scope {
                continue;
            }
            match self.keys[*on].inner() {
                Key::Described(key) => parts.aliases.push(kms_alias::AliasListEntry::new(
                    name(number).into(),
                    Some(key.key_id()),
                )),
                Key::Undescribed(key_id, _) => {
                    undescribed.push((name(number).into(), *key_id));
                }
                _ => unreachable!("no alias names a key that has no ID"),
            }
        }
        *knowledge.table_mut() = parts.into_table().expect("a table");
        for (name, key_id) in undescribed {
            knowledge.insert_alias_of_undescribed_key(name, key_id);
        }
        knowledge
    }

    /// Where a step runs: where its key is.
    pub fn scope_of(&self, ask: Ask) -> Scope {
        ask.key().map_or(SCOPE, |key| self.keys[key].scope())
    }

    pub fn run(&self) -> Run {
        let step = |(index, ask): (usize, &Ask)| {
            let mut step = RunStep::new(self.scope_of(*ask), self.request(*ask));
            if let Some(after) = &self.after {
                step.after = after[index].clone();
            }
            step
        };
        let steps = self.steps.iter().enumerate().map(step).collect();
        match &self.after {
            Some(_) => Run::partial(steps, AT),
            None => Run::listed(steps, AT),
        }
    }

    fn request(&self, ask: Ask) -> Request {
        let name = |number| name(number).as_str().into();
        let key = |number| self.reference(number);
        match ask {
            Ask::Create(alias, target) => Request::CreateAlias {
                alias_name: name(alias),
                target_key_id: key(target),
            },
            Ask::Update(alias, target) => Request::UpdateAlias {
                alias_name: name(alias),
                target_key_id: key(target),
            },
            Ask::Delete(alias) => Request::DeleteAlias {
                alias_name: name(alias),
            },
            Ask::Enable(of) => Request::EnableKey { key_id: key(of) },
            Ask::Disable(of) => Request::DisableKey { key_id: key(of) },
            Ask::Schedule(of) => Request::ScheduleKeyDeletion {
                key_id: key(of),
                pending_window_in_days: Some(7),
            },
            Ask::Cancel(of) => Request::CancelKeyDeletion { key_id: key(of) },
            Ask::DeleteKey(of) => Request::DeleteKey { key_id: key(of) },
            Ask::State(of, state) => Request::SetKeyState {
                key_id: key(of),
                state,
            },
            Ask::Make(of) => match self.keys[of].inner() {
                Key::Made(facts, is_state_open) => Request::CreateKey {
                    key: *facts,
                    open: open(facts)
                        .into_iter()
                        .chain(is_state_open.then_some(Fact::KeyState))
                        .collect(),
                },
                Key::Replica { primary, facts, .. } => Request::ReplicateKey {
                    key: *facts,
                    primary: key(*primary),
                    primary_place: self.keys[*primary].scope().into(),
                    open: Vec::new(),
                },
                _ => unreachable!("only a key without an ID is made"),
            },
        }
    }

    fn reference(&self, number: usize) -> KeyReference {
        let made = || {
            let make = self.steps.iter().position(|ask| *ask == Ask::Make(number));
            KeyReference::MadeBy(make.expect("a step makes it"))
        };
        match self.keys[number].inner() {
            Key::Described(_) | Key::Undescribed(..) => {
                KeyReference::Text(oracle_id(self, number).to_string().into())
            }
            Key::Label(label, facts) => KeyReference::Unknown(UnknownKey {
                label: (*label).into(),
                facts: *facts,
                series: None,
            }),
            Key::Replica { .. } if shown(self, number).is_none() && number.is_multiple_of(2) => {
                KeyReference::Text(oracle_id(self, number).to_string().into())
            }
            Key::Made(..) | Key::Replica { .. } => made(),
            Key::There(_) => unreachable!("no key is there twice"),
        }
    }

    /// The operation of a step, as a closed table is asked; none if a key is made.
    pub fn operation(&self, ask: Ask, completion: &[Option<KeyMetadata>]) -> Option<Operation> {
        let id = |number: usize| match &completion[number] {
            Some(key) => key.key_id(),
            None => oracle_id(self, number),
        };
        Some(match ask {
            Ask::Create(alias, target) => Operation::CreateAlias {
                alias_name: name(alias),
                target_key_id: id(target).into(),
            },
            Ask::Update(alias, target) => Operation::UpdateAlias {
                alias_name: name(alias),
                target_key_id: id(target).into(),
            },
            Ask::Delete(alias) => Operation::DeleteAlias {
                alias_name: name(alias),
            },
            Ask::Enable(of) => Operation::EnableKey {
                key_id: id(of).into(),
            },
            Ask::Disable(of) => Operation::DisableKey {
                key_id: id(of).into(),
            },
            Ask::Schedule(of) => Operation::ScheduleKeyDeletion {
                key_id: id(of).into(),
                waiting_period: WaitingPeriod::LEAST,
            },
            Ask::Cancel(of) => Operation::CancelKeyDeletion {
                key_id: id(of).into(),
            },
            Ask::DeleteKey(of) => Operation::DeleteKey { key_id: id(of) },
            Ask::State(of, state) => Operation::SetKeyState {
                key_id: id(of),
                state,
            },
            Ask::Make(_) => return None,
        })
    }
}
