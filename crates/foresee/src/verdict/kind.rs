//! The ways in which a key that is not described can be, as far as rules can tell them apart.

use hashbrown::HashMap;
use kms_alias::{
    ImpossibleKey, KeyArn, KeyManager, KeyMetadata, KeySpec, KeyState, KeyStatus, KeyType,
    KeyUsage, MultiRegionRole, Origin, ReturnsTo, Timestamp, WaitingPeriod,
};

use super::facts::KeyFacts;
use super::outcome::Fact;

/// A key without its ARN, which leads to one closed verdict on every request.
///
/// Of the key specs that share a type and a usage one stands for all: no rule of an alias or of a
/// key's life asks more of a spec (rules U3, U4, M).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Kind {
    pub(super) multi_region: bool,
    pub(super) manager: KeyManager,
    spec: KeySpec,
    usage: KeyUsage,
    origin: Origin,
    status: KeyStatus,
    role: Option<MultiRegionRole>,
    /// Of a key that is pending deletion: it had no key material when that began (rule S4).
    awaits_import: bool,
}

/// One spec for each key type and usage that go together (rule M).
const SPECS: [(KeySpec, KeyUsage); 6] = [
    (KeySpec::SymmetricDefault, KeyUsage::EncryptDecrypt),
    (KeySpec::Hmac256, KeyUsage::GenerateVerifyMac),
    (KeySpec::Rsa2048, KeyUsage::EncryptDecrypt),
    (KeySpec::Rsa2048, KeyUsage::SignVerify),
    (KeySpec::EccNistP256, KeyUsage::KeyAgreement),
    (KeySpec::MlKem512, KeyUsage::EncapsulateDecapsulate),
];

/// The spec that stands for those of a type and usage.
fn representative(key_type: KeyType, usage: KeyUsage) -> Option<KeySpec> {
    let same = |(spec, of): &&(KeySpec, KeyUsage)| spec.key_type() == key_type && *of == usage;
    SPECS.iter().find(same).map(|(spec, _)| *spec)
}

impl Kind {
    /// The kind of a key that is described.
    pub(super) fn of(key: &KeyMetadata) -> Self {
        Self {
            multi_region: key.is_multi_region(),
            manager: key.manager(),
            spec: representative(key.key_type(), key.usage()).unwrap_or(key.spec()),
            usage: key.usage(),
            origin: key.origin(),
            status: key.status(),
            role: key.multi_region_role(),
            awaits_import: key.state() != KeyState::PendingImport && !key.has_key_material(),
        }
    }

    /// A key of this kind.
    pub(super) fn metadata(&self, arn: KeyArn) -> Result<KeyMetadata, ImpossibleKey> {
        let mut key = KeyMetadata::builder(arn)
            .spec(self.spec)
            .usage(self.usage)
            .origin(self.origin)
            .manager(self.manager)
            .status(self.status)
            .awaits_import(self.awaits_import);
        if let Some(role) = self.role {
            key = key.multi_region_role(role);
        }
        key.build()
    }

    /// A key that has come to be of this kind; none if it cannot.
    pub(super) fn reached_by(&self, key: &KeyMetadata) -> Option<KeyMetadata> {
        // Whether its deletion leaves it without key material depends on where that began.
        let from = match self.origin {
            Origin::External if self.awaits_import => KeyStatus::PendingImport,
            _ => KeyStatus::Enabled,
        };
        let mut key = key.with_status(from).ok()?;
        if let Some(role) = self.role {
            // Each state has its roles: the replicas are counted before it waits for them.
            key = key.with_role(role).ok()?;
        }
        key.with_status(self.status).ok()
    }

    /// What is known of a key of this kind.
    pub(super) fn facts(&self) -> KeyFacts {
        let state = self.status.state();
        let mut facts = KeyFacts::existing();
        facts.manager = Some(self.manager);
        facts.usage = Some(self.usage);
        facts.origin = Some(self.origin);
        facts.state = Some(state);
        facts.enabled = Some(state == KeyState::Enabled);
        facts.multi_region = Some(self.multi_region);
        facts.is_primary = self.is_primary();
        facts
    }

    /// Of a multi-Region key whether it is the primary key.
    fn is_primary(&self) -> Option<bool> {
        let role = self.role?;
        Some(matches!(role, MultiRegionRole::Primary { .. }))
    }

    /// What an alias keeps of the key that it leaves: its type and usage, whatever its state and
    /// origin (rules U3, U4, U5).
    pub(super) const fn left_behind(&self) -> Self {
        Self {
            multi_region: false,
            manager: KeyManager::Customer,
            origin: Origin::AwsKms,
            status: KeyStatus::Enabled,
            role: None,
            awaits_import: false,
            ..*self
        }
    }

    /// The facts in which two kinds differ.
    pub(super) fn differences(&self, other: &Self) -> Differences {
        let mut differences = Differences::default();
        differences.note(Fact::Manager, self.manager != other.manager);
        let types = (self.spec.key_type(), other.spec.key_type());
        differences.note(Fact::KeyType, types.0 != types.1);
        differences.note(Fact::KeyUsage, self.usage != other.usage);
        differences.note(Fact::Origin, self.origin != other.origin);
        let (mine, others) = (self.status, other.status);
        let same_state = mine.state() == others.state();
        let pending = mine.state() == KeyState::PendingDeletion;
        differences.note(Fact::KeyState, !same_state || (mine != others && !pending));
        differences.note(Fact::DeletionDate, same_state && pending && mine != others);
        let materials = self.awaits_import != other.awaits_import;
        differences.note(Fact::KeyMaterial, same_state && materials);
        let roles = (self.multi_region, self.role) != (other.multi_region, other.role);
        differences.note(Fact::MultiRegion, roles);
        differences
    }
}

/// A set of facts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Differences(u16);

/// The facts of a key, in the order in which they are told.
const FACTS: [Fact; 9] = [
    Fact::Existence,
    Fact::Manager,
    Fact::KeyType,
    Fact::KeyUsage,
    Fact::Origin,
    Fact::KeyState,
    Fact::MultiRegion,
    Fact::DeletionDate,
    Fact::KeyMaterial,
];

impl Differences {
    /// A key that is there, and one that is not.
    pub(super) fn existence() -> Self {
        let mut differences = Self::default();
        differences.note(Fact::Existence, true);
        differences
    }

    fn note(&mut self, fact: Fact, differs: bool) {
        let position = FACTS.iter().position(|known| *known == fact).unwrap_or(0);
        self.0 |= u16::from(differs) << position;
    }

    /// Whether all of these facts are among the others.
    pub(super) const fn within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    pub(super) const fn count(self) -> u32 {
        self.0.count_ones()
    }

    pub(super) fn facts(self) -> impl Iterator<Item = Fact> {
        let bits = self.0;
        let facts = FACTS.iter().enumerate();
        facts.filter_map(move |(position, fact)| (bits >> position & 1 == 1).then_some(*fact))
    }
}

/// The index of a kind; 0 is a key that does not exist.
pub(super) type KindIndex = u16;

/// The key that does not exist.
pub(super) const NO_KEY: KindIndex = 0;

/// Every kind that was met, by index.
pub(super) struct Kinds {
    list: Vec<Kind>,
    indexes: HashMap<Kind, KindIndex>,
    /// What was asked already.
    known: HashMap<KeyFacts, Vec<KindIndex>>,
    at: Timestamp,
}

impl Kinds {
    pub(super) fn new(at: Timestamp) -> Self {
        Self {
            list: Vec::new(),
            indexes: HashMap::new(),
            known: HashMap::new(),
            at,
        }
    }

    pub(super) fn index(&mut self, kind: Kind) -> KindIndex {
        let next = u16::try_from(self.list.len()).unwrap_or(u16::MAX);
        let next = next.saturating_add(1);
        let list = &mut self.list;
        *self.indexes.entry(kind).or_insert_with(|| {
            list.push(kind);
            next
        })
    }

    /// The kind of an index; none for a key that does not exist.
    pub(super) fn get(&self, index: KindIndex) -> Option<&Kind> {
        self.list.get(usize::from(index).checked_sub(1)?)
    }

    /// The facts in which two keys differ, of which either may not exist.
    pub(super) fn differences(&self, one: KindIndex, other: KindIndex) -> Differences {
        match (self.get(one), self.get(other)) {
            (Some(one), Some(other)) => one.differences(other),
            (None, None) => Differences::default(),
            _ => Differences::existence(),
        }
    }

    /// Every way in which a key can be of which these facts are known, in a fixed order; whether it
    /// can be that there is no key is for the caller to add.
    ///
    /// Facts that contradict each other leave nothing: then only whether it is multi-Region and who
    /// manages it is believed.
    pub(super) fn possible(&mut self, facts: &KeyFacts) -> Vec<KindIndex> {
        if let Some(known) = self.known.get(facts) {
            return known.clone();
        }
        let mut kinds = self.agreeing(facts);
        if kinds.is_empty() {
            kinds = self.agreeing(&KeyFacts {
                manager: facts.manager,
                multi_region: facts.multi_region,
                ..KeyFacts::default()
            });
        }
        let kinds: Vec<_> = kinds.into_iter().map(|kind| self.index(kind)).collect();
        self.known.insert(*facts, kinds.clone());
        kinds
    }

    /// Whether a key can be is asked last: it takes longest.
    fn agreeing(&self, facts: &KeyFacts) -> Vec<Kind> {
        let agreeing = every_kind(self.at).filter(|kind| agrees(kind, facts));
        agreeing.filter(can_be).collect()
    }
}

impl Kinds {
    /// Every way in which a key can be that was just made: in its first state (rule S1), unless the
    /// facts say more or it is not known what a tool then does to the state, and without replicas.
    pub(super) fn possible_when_made(
        &mut self,
        facts: &KeyFacts,
        is_state_open: bool,
    ) -> Vec<KindIndex> {
        let mut kinds = self.possible(facts);
        kinds.retain(|index| {
            let kind = self.list.get(usize::from(*index).saturating_sub(1));
            kind.is_some_and(|kind| is_first(kind, facts, is_state_open))
        });
        if kinds.is_empty() {
            return self.possible(facts);
        }
        kinds
    }
}

impl Kinds {
    /// The kinds that a replica of such a primary key can have (rule K2), of which these facts are
    /// known besides: one of imported key material waits for it unless they say that it has some, or it
    /// is not known what a tool then does to the state.
    pub(super) fn replicas(
        &mut self,
        primary: KindIndex,
        facts: &KeyFacts,
        is_state_open: bool,
    ) -> Vec<KindIndex> {
        let Some(primary) = self.get(primary).copied() else {
            return Vec::new();
        };
        let states = match (primary.origin, facts.enabled) {
            (origin, _) if is_state_open => states_when_made(origin),
            (Origin::External, _) => &[KeyState::PendingImport],
            (_, Some(false)) => &[KeyState::Disabled],
            _ => &[KeyState::Enabled],
        };
        let replica = |state: KeyState| Kind {
            multi_region: true,
            status: state.into(),
            role: Some(MultiRegionRole::Replica),
            awaits_import: false,
            ..primary
        };
        let said = facts.state.map(replica).filter(can_be);
        let kinds: Vec<Kind> = match said {
            Some(said) => vec![said],
            None => states.iter().copied().map(replica).collect(),
        };
        kinds.into_iter().map(|kind| self.index(kind)).collect()
    }

    /// The same key with one replica more, if it is a primary key (rule S4).
    pub(super) fn with_replica(&mut self, primary: KindIndex) -> KindIndex {
        match self.get(primary).copied() {
            Some(kind) => {
                let role = match kind.role {
                    Some(MultiRegionRole::Primary { replicas }) => {
                        let replicas = replicas.saturating_add(1);
                        Some(MultiRegionRole::Primary { replicas })
                    }
                    role => role,
                };
                self.index(Kind { role, ..kind })
            }
            None => primary,
        }
    }
}

/// A key as one can be of which these facts are known.
pub(crate) fn example_of(arn: KeyArn, mut facts: KeyFacts, at: Timestamp) -> Option<KeyMetadata> {
    facts.multi_region = Some(arn.key_id().is_multi_region());
    let mut kinds = Kinds::new(at);
    let first = *kinds.possible(&facts).first()?;
    kinds.get(first)?.metadata(arn).ok()
}

/// The states in which a tool leaves a key of this origin that it makes.
const fn states_when_made(origin: Origin) -> &'static [KeyState] {
    match origin {
        Origin::External => &[
            KeyState::PendingImport,
            KeyState::Enabled,
            KeyState::Disabled,
        ],
        _ => &[KeyState::Enabled, KeyState::Disabled],
    }
}

/// Whether a key that was just made is so.
fn is_first(kind: &Kind, facts: &KeyFacts, is_state_open: bool) -> bool {
    let first = match (kind.origin, facts.enabled) {
        (Origin::External, Some(true)) | (Origin::AwsKms, None) => KeyState::Enabled,
        (Origin::External, _) => KeyState::PendingImport,
        (_, Some(false)) => KeyState::Disabled,
        _ => KeyState::Enabled,
    };
    // CreateKey makes primary keys, and those without replicas.
    let is_alone = matches!(
        kind.role,
        None | Some(MultiRegionRole::Primary { replicas: 0 })
    );
    let state = kind.status.state();
    let is_left_so = is_state_open && states_when_made(kind.origin).contains(&state);
    (facts.state.is_some() || is_left_so || state == first) && is_alone
}

/// Whether a key of this kind can be the one of which these facts are known.
pub(super) fn agrees(kind: &Kind, facts: &KeyFacts) -> bool {
    let state = kind.status.state();
    facts.manager.is_none_or(|manager| kind.manager == manager)
        && facts.usage.is_none_or(|usage| kind.usage == usage)
        && facts.origin.is_none_or(|origin| kind.origin == origin)
        && facts.state.is_none_or(|known| state == known)
        && facts
            .enabled
            .is_none_or(|enabled| (state == KeyState::Enabled) == enabled)
        && facts
            .multi_region
            .is_none_or(|multi_region| kind.multi_region == multi_region)
        && (facts.is_primary.zip(kind.is_primary())).is_none_or(|(known, it)| known == it)
        && facts.spec.is_none_or(|spec| {
            spec.key_type() == kind.spec.key_type() && spec.usages().contains(&kind.usage)
        })
}

/// Every kind, those that the rules of keys do not allow among them (rules M, K2, S1–S4).
fn every_kind(at: Timestamp) -> impl Iterator<Item = Kind> {
    let managers = [KeyManager::Customer, KeyManager::Aws];
    let managers = [false, true]
        .into_iter()
        .flat_map(move |multi_region| managers.map(move |manager| (multi_region, manager)));
    let shapes = managers.flat_map(|(multi_region, manager)| {
        SPECS.into_iter().flat_map(move |(spec, usage)| {
            Origin::ALL.iter().map(move |origin| Kind {
                multi_region,
                manager,
                spec,
                usage,
                origin: *origin,
                status: KeyStatus::Enabled,
                role: None,
                awaits_import: false,
            })
        })
    });
    let in_every_status = shapes.flat_map(move |shape| in_every_status(shape, at));
    in_every_status.flat_map(with_and_without_material)
}

fn in_every_status(kind: Kind, at: Timestamp) -> impl Iterator<Item = Kind> {
    let due = |deletion_date| KeyStatus::PendingDeletion {
        deletion_date: Some(deletion_date),
    };
    let statuses = [
        KeyStatus::Enabled,
        KeyStatus::Disabled,
        due(at.plus_days(30)),
        due(at),
        KeyStatus::PendingImport,
        KeyStatus::Unavailable {
            returns_to: ReturnsTo::Enabled,
        },
        KeyStatus::Unavailable {
            returns_to: ReturnsTo::Disabled,
        },
        KeyStatus::Creating,
        KeyStatus::Updating,
        KeyStatus::PendingReplicaDeletion {
            waiting_period: WaitingPeriod::default(),
        },
    ];
    let roles: &[_] = if kind.multi_region {
        &[
            Some(MultiRegionRole::Primary { replicas: 0 }),
            Some(MultiRegionRole::Primary { replicas: 1 }),
            Some(MultiRegionRole::Replica),
        ]
    } else {
        &[None]
    };
    statuses.into_iter().flat_map(move |status| {
        let with = move |role: &_| Kind {
            status,
            role: *role,
            ..kind
        };
        roles.iter().map(with)
    })
}

/// A kind, and where its deletion can have begun without key material that kind too.
fn with_and_without_material(kind: Kind) -> impl Iterator<Item = Kind> {
    let leaves = matches!(
        kind.status.state(),
        KeyState::PendingDeletion | KeyState::PendingReplicaDeletion
    );
    let without = Kind {
        awaits_import: true,
        ..kind
    };
    let without = (leaves && kind.origin == Origin::External).then_some(without);
    core::iter::once(kind).chain(without)
}

/// Whether the rules of keys allow such a key.
fn can_be(kind: &Kind) -> bool {
    kind.metadata(super::closed::canonical_key(kind.multi_region))
        .is_ok()
}
