//! The steps of a run as typed operations, with stand-ins for names and keys that are not known.

use std::borrow::Cow;
use std::collections::BTreeMap;

use hashbrown::{HashMap, HashSet};
use kms_alias::{
    KeyArn, KeyId, KeyManager, KmsOperation, Operation, Partition, RequestText, ReservedNames,
    Scope,
};

use super::description::Description;
use super::facts::KeyFacts;
use super::identity::Identity;
use super::knowledge::{Knowledge, stand_in};
use super::outcome::Fact;
use super::place::Place;
use super::request::{KeyReference, NameReference, Request, UnknownKey};
use super::run::Run;
use super::stand_in_name::new_name;

use super::task::{Asks, Case, StandIn, Task, Tasks};

/// Types the steps of a run, under each place's reading of rule A4. So many stand-ins there are
/// already.
pub(super) fn tasks<'r>(
    run: &'r Run,
    reading: impl Fn(Place) -> ReservedNames,
    case: &Case,
    stand_ins: u64,
) -> Tasks<'r> {
    let mut typing = Typing {
        run,
        case,
        first: stand_ins,
        places: Vec::new(),
        indexes: HashMap::new(),
        labels: HashMap::new(),
        descriptions: HashMap::new(),
        stand_ins: HashMap::new(),
        besides: HashMap::new(),
        unique: HashSet::new(),
    };
    let mut list = Vec::with_capacity(run.steps.len());
    let mut last: Option<(Place, usize, ReservedNames)> = None;
    for (index, step) in run.steps.iter().enumerate() {
        let (place, reserved_names) = match last {
            Some((known, place, reading)) if known == step.place => (place, reading),
            _ => (typing.place(step.place), reading(step.place)),
        };
        last = Some((step.place, place, reserved_names));
        let asks = typing.asks(index, place, &step.request, reserved_names);
        list.push(Task { place, asks });
    }
    Tasks {
        list,
        places: typing.places,
        stand_ins: typing.stand_ins,
        besides: typing.besides,
        unique: typing.unique,
    }
}

pub(super) struct Typing<'r, 'c> {
    pub(super) run: &'r Run,
    pub(super) case: &'c Case,
    /// The number of the first stand-in.
    first: u64,
    pub(super) places: Vec<Place>,
    indexes: HashMap<Place, usize>,
    pub(super) labels: HashMap<(usize, Box<str>), KeyId>,
    /// What may come out of each CreateKey that was met.
    pub(super) descriptions: HashMap<(KeyFacts, Vec<Fact>, Option<Partition>), Description>,
    pub(super) stand_ins: HashMap<(usize, KeyId), StandIn>,
    besides: HashMap<(usize, KeyId), Vec<KeyFacts>>,
    unique: HashSet<(usize, Box<str>)>,
}

impl<'r> Typing<'r, '_> {
    pub(super) fn place(&mut self, place: Place) -> usize {
        let places = &mut self.places;
        *self.indexes.entry(place).or_insert_with(|| {
            places.push(place);
            places.len().saturating_sub(1)
        })
    }

    fn asks(
        &mut self,
        index: usize,
        place: usize,
        request: &'r Request,
        reserved_names: ReservedNames,
    ) -> Asks<'r> {
        let (operation, name, key, days) = match request {
            Request::Operation(operation) => return Asks::Operation(Cow::Borrowed(operation)),
            Request::Malformed { refusal, .. } => {
                return Asks::Refused(vec![Cow::Borrowed(refusal)]);
            }
            Request::CreateKey { key, open } => return self.create_key(index, place, key, open),
            Request::ReplicateKey {
                key,
                primary,
                primary_place,
                open,
            } => {
                let asked_for = (key, is_state_open(open));
                return self.replicate_key(index, place, asked_for, primary, *primary_place);
            }
            Request::DeleteKey { key_id } => return self.life(place, key_id, None),
            Request::SetKeyState { key_id, state } => {
                return self.life(place, key_id, Some(*state));
            }
            request => members(request),
        };
        let key = key.and_then(|key| self.key(place, key));
        let parse = |name: Option<&str>| {
            let text = RequestText {
                alias_name: name,
                target_key_id: key.as_deref(),
                key_id: key.as_deref(),
                pending_window_in_days: days,
            };
            Operation::parse(operation, &text, reserved_names)
        };
        if let Some(malformed) = name.and_then(|name| self.malformed(place, name)) {
            let refusals = malformed.iter().filter_map(|name| parse(Some(name)).err());
            return Asks::Refused(refusals.map(Cow::Owned).collect());
        }
        let name = name.and_then(|name| self.name(place, name));
        match parse(name.as_deref()) {
            Ok(operation) => Asks::Operation(Cow::Owned(operation)),
            Err(refusal) => Asks::Refused(vec![Cow::Owned(refusal)]),
        }
    }

    /// The texts that stand for a name which is none in this case.
    fn malformed(&self, place: usize, name: &NameReference) -> Option<&[Box<str>]> {
        let NameReference::Unknown(unknown) = name else {
            return None;
        };
        let place = self.places.get(place).copied().unwrap_or_default();
        let of = (place, unknown.label.clone());
        self.case.malformed.get(&of).map(Vec::as_slice)
    }

    /// What happens to a key without a request; its ID is held against the rules of EnableKey's.
    fn life(
        &mut self,
        place: usize,
        key: &KeyReference,
        state: Option<kms_alias::KeyState>,
    ) -> Asks<'r> {
        let key = self.key(place, key);
        let text = RequestText {
            key_id: key.as_deref(),
            ..RequestText::default()
        };
        let reading = ReservedNames::default();
        match Operation::parse(KmsOperation::EnableKey, &text, reading) {
            Ok(Operation::EnableKey { key_id }) => {
                let key_id = key_id.key_id();
                Asks::Operation(Cow::Owned(match state {
                    Some(state) => Operation::SetKeyState { key_id, state },
                    None => Operation::DeleteKey { key_id },
                }))
            }
            Ok(other) => Asks::Operation(Cow::Owned(other)),
            Err(refusal) => Asks::Refused(vec![Cow::Owned(refusal)]),
        }
    }

    fn name<'a>(&mut self, place: usize, name: &'a NameReference) -> Option<Cow<'a, str>> {
        match name {
            NameReference::Absent => None,
            NameReference::Text(text) => Some(Cow::Borrowed(text)),
            NameReference::Unknown(unknown) => {
                let of = self.places.get(place).copied().unwrap_or_default();
                let known = self.case.names.get(&(of, unknown.label.clone()));
                if let Some(taken) = known {
                    return Some(Cow::Owned(String::from(&**taken)));
                }
                let name = new_name(unknown);
                if unknown.is_unique {
                    self.unique.insert((place, name.as_str().into()));
                }
                Some(Cow::Owned(name))
            }
        }
    }

    fn key<'a>(&mut self, place: usize, key: &'a KeyReference) -> Option<Cow<'a, str>> {
        let stand_in = match key {
            KeyReference::Absent => return None,
            KeyReference::Text(text) => return Some(self.in_scope(place, text)),
            KeyReference::MadeBy(index) => self.made_by(*index, place),
            KeyReference::Unknown(unknown) => self.unknown(place, unknown),
        };
        Some(Cow::Owned(stand_in.to_string()))
    }

    /// A key as it is named; an ARN of the scope that its place has in this case is one of the scope
    /// that stands in for it.
    fn in_scope<'a>(&self, place: usize, text: &'a str) -> Cow<'a, str> {
        let place = self.places.get(place).copied().unwrap_or_default();
        let scope = self.case.scopes.get(&place);
        let arn: Option<KeyArn> = scope.and_then(|_| text.parse().ok());
        match (scope, arn) {
            (Some(scope), Some(arn)) if arn.scope() == *scope => {
                Cow::Owned(KeyArn::new(stand_in(place), arn.key_id()).to_string())
            }
            (Some(scope), Some(arn)) => {
                let (mine, named) = (stand_in(place), arn.scope());
                let same = |one: bool, mine, named| if one { mine } else { named };
                let region = same(
                    named.region() == scope.region(),
                    mine.region(),
                    named.region(),
                );
                let account = if named.account() == scope.account() {
                    mine.account()
                } else {
                    named.account()
                };
                Cow::Owned(KeyArn::new(Scope::new(region, account), arn.key_id()).to_string())
            }
            _ => Cow::Borrowed(text),
        }
    }

    /// A key that is not known: what it is in this case, or a key of its own.
    fn unknown(&mut self, place: usize, unknown: &UnknownKey) -> KeyId {
        let named_at = self.places.get(place).copied().unwrap_or_default();
        let identity = self.case.keys.get(&(named_at, unknown.label.clone()));
        let key_id = match identity {
            None => return self.own(place, &unknown.label, unknown.facts),
            Some(Identity::Like(label)) => return self.own(place, label, unknown.facts),
            Some(Identity::Known(key_id)) => *key_id,
            Some(Identity::Made(index)) => self.made_by(*index, place),
        };
        // Which key it is matters where it bears aliases: an AWS managed one is as good as another.
        let mut facts = unknown.facts;
        facts.manager = Some(KeyManager::Customer);
        let known = self.besides.entry((place, key_id)).or_default();
        known.push(facts);
        key_id
    }

    fn own(&mut self, place: usize, label: &str, facts: KeyFacts) -> KeyId {
        self.stand_in(
            place,
            format!("- {label}").into(),
            label.into(),
            facts,
            false,
        )
    }

    pub(super) fn stand_in(
        &mut self,
        place: usize,
        key: Box<str>,
        label: Box<str>,
        facts: KeyFacts,
        is_made: bool,
    ) -> KeyId {
        let number = u64::try_from(self.labels.len()).unwrap_or(u64::MAX);
        let number = self.first.saturating_add(number);
        let multi_region = facts.multi_region == Some(true);
        let known = self.labels.entry((place, key));
        let key_id = *known.or_insert_with(|| stand_in_id(number, multi_region));
        let stand_in = self.stand_ins.entry((place, key_id)).or_insert(StandIn {
            label,
            facts: KeyFacts::default(),
            is_made,
            is_absent: false,
            depends_on: Vec::new(),
            is_state_open: false,
        });
        stand_in.facts = stand_in.facts.or(facts);
        key_id
    }
}

/// The ID of the replica that a request makes, where it is known: that of its primary key (rule K2).
pub(super) fn id_of_replica(request: &Request) -> Option<KeyId> {
    let Request::ReplicateKey {
        primary: KeyReference::Text(text),
        ..
    } = request
    else {
        return None;
    };
    let key_id = text.rsplit(":key/").next()?.parse::<KeyId>().ok()?;
    key_id.is_multi_region().then_some(key_id)
}

/// The steps that make keys whose IDs are known before, by place and ID.
pub(super) type MadeWithId = HashMap<(Place, KeyId), usize>;

/// Finds the steps that make keys of known IDs; of one that is known to stand already, and of one
/// that is made twice, the ID is not taken for that of the new key.
pub(super) fn made_with_id(run: &Run, knowledge: &BTreeMap<Place, Knowledge>) -> MadeWithId {
    let mut made = MadeWithId::new();
    for (index, step) in run.steps.iter().enumerate() {
        let Some(key_id) = id_of_replica(&step.request) else {
            continue;
        };
        let known = knowledge.get(&step.place);
        if !known.is_some_and(|known| known.table().knows_key(&key_id)) {
            made.entry((step.place, key_id)).or_insert(index);
        }
    }
    made
}

/// What is shown for the key that a step makes.
pub(super) fn label_of_made(run: &Run, index: usize) -> Box<str> {
    let step = run.steps.get(index);
    match step.and_then(|step| step.address.clone()) {
        Some(address) => address,
        None => format!("key of step {}", index.saturating_add(1)).into(),
    }
}

/// Whether it is not known what a tool does to the state of a key that it makes.
pub(super) fn is_state_open(open: &[Fact]) -> bool {
    open.contains(&Fact::KeyState)
}

/// What is known of a key that a step makes.
pub(super) const fn made(mut key: KeyFacts) -> KeyFacts {
    key.exists = true;
    key.manager = Some(KeyManager::Customer);
    key
}

/// What the IDs of stand-ins begin with: no key of an account has it.
const STAND_IN_BYTES: [u8; 8] = [0x57, 0xa9, 0xd1, 0x00, 0x57, 0xa9, 0xd1, 0x00];

/// What key IDs begin with that stand for keys which have none yet, or none that is known. After a
/// run such keys are known by these IDs.
pub const STAND_IN: &str = "57a9d100-57a9-d100-";

fn stand_in_id(number: u64, multi_region: bool) -> KeyId {
    let [a, b, c, d, e, f, g, h] = STAND_IN_BYTES;
    let [i, j, k, l, m, n, o, p] = number.to_be_bytes();
    KeyId::new(
        [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p],
        multi_region,
    )
}

/// The number of the stand-in that has this ID, if one has.
pub(super) fn stand_in_number(key_id: &KeyId) -> Option<u64> {
    let (begin, number) = key_id.as_bytes().split_first_chunk::<8>()?;
    let number = <[u8; 8]>::try_from(number).ok()?;
    (*begin == STAND_IN_BYTES).then(|| u64::from_be_bytes(number))
}

type Members<'r> = (
    KmsOperation,
    Option<&'r NameReference>,
    Option<&'r KeyReference>,
    Option<i64>,
);

/// The members of a request of KMS's own.
fn members(request: &Request) -> Members<'_> {
    match request {
        Request::CreateAlias {
            alias_name,
            target_key_id,
        } => {
            let operation = KmsOperation::CreateAlias;
            (operation, Some(alias_name), Some(target_key_id), None)
        }
        Request::UpdateAlias {
            alias_name,
            target_key_id,
        } => {
            let operation = KmsOperation::UpdateAlias;
            (operation, Some(alias_name), Some(target_key_id), None)
        }
        Request::EnableKey { key_id } => (KmsOperation::EnableKey, None, Some(key_id), None),
        Request::DisableKey { key_id } => (KmsOperation::DisableKey, None, Some(key_id), None),
        Request::ScheduleKeyDeletion {
            key_id,
            pending_window_in_days,
        } => {
            let operation = KmsOperation::ScheduleKeyDeletion;
            (operation, None, Some(key_id), *pending_window_in_days)
        }
        Request::CancelKeyDeletion { key_id } => {
            (KmsOperation::CancelKeyDeletion, None, Some(key_id), None)
        }
        Request::DeleteAlias { alias_name } => {
            (KmsOperation::DeleteAlias, Some(alias_name), None, None)
        }
        // The others are typed before this is asked.
        _ => (KmsOperation::DescribeKey, None, None, None),
    }
}
