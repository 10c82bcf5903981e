//! The closed verdict: a small table in which everything is described answers for each possibility.
//!
//! No rule is decided here. What a step can see of an account is put into an [`AliasTable`], and
//! the table is asked. A step sees its alias and the key on which it stands, its target, and how
//! many aliases the target has. It sees nothing else, so a small table answers as the large one
//! would; the tests hold both against each other.

use hashbrown::HashMap;
use kms_alias::{
    AccountId, AliasListEntry, AliasName, AliasTable, AnyAliasName, KeyArn, KeyId, Operation,
    Refusal, Region, ReservedNames, Rule, Scope, Snapshot, TargetKeyId, Timestamp,
};

use super::kind::{Kind, KindIndex, Kinds, NO_KEY};
use super::outcome::Answer;
use super::task::ReplicaRegion;

/// Where the small tables are that answer for all places.
const SCOPE: Scope = Scope::new(
    Region::from_static("eu-west-3"),
    AccountId::from_static("111122223333"),
);
const OTHER_REGION: Region = Region::from_static("us-east-1");
const OTHER_ACCOUNT: AccountId = AccountId::from_static("444455556666");
const NAME: AliasName = AliasName::from_static("alias/name");

/// The ID of the key that an operation names, in the small tables.
const fn target_id(multi_region: bool) -> KeyId {
    KeyId::new([1; 16], multi_region)
}

/// The ID of the key on which the alias stands.
const fn present_id(multi_region: bool) -> KeyId {
    KeyId::new([2; 16], multi_region)
}

/// The ARN of a key in the small tables.
pub(super) const fn canonical_key(multi_region: bool) -> KeyArn {
    KeyArn::new(SCOPE, target_id(multi_region))
}

/// What an operation asks, without the name and the key that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Shape(u32);

impl Shape {
    /// A step that asks no table.
    const NOTHING: Self = Self(u32::MAX);

    /// The shape of a step that makes a key: each has its own, from the other end of the numbers.
    pub(super) fn of_making(step: usize) -> Self {
        let step = u32::try_from(step).unwrap_or(u32::MAX);
        Self(Self::NOTHING.0.saturating_sub(1).saturating_sub(step))
    }

    /// The step whose shape it is, if that makes a key.
    pub(super) fn step_that_makes(self) -> Option<usize> {
        let step = Self::NOTHING.0.checked_sub(1)?.checked_sub(self.0)?;
        usize::try_from(step).ok()
    }
}

/// The index of an answer; 0 is success.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct AnswerIndex(u32);

impl AnswerIndex {
    pub(super) const OK: Self = Self(0);

    pub(super) fn is_ok(self) -> bool {
        self == Self::OK
    }
}

/// Where the alias of an operation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Present {
    /// Nowhere: the name is free, or the operation has none.
    Free,
    /// On the key that the operation names.
    OnTarget,
    /// On another key.
    On(KindIndex),
}

/// What a step sees of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct View {
    pub(super) shape: Shape,
    pub(super) target: KindIndex,
    pub(super) present: Present,
    /// How many aliases the target has, where the quota could matter; else 0.
    pub(super) usage: u32,
}

/// What becomes of what a step sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Local {
    pub(super) answer: AnswerIndex,
    /// The key that the operation names, afterwards.
    pub(super) target: KindIndex,
    /// Where the alias stands afterwards.
    pub(super) stands: Stands,
}

/// Where an alias stands after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Stands {
    Nowhere,
    OnTarget,
    AsBefore,
}

/// What decides besides the account: the settings of its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Settings {
    pub(super) scope: Scope,
    pub(super) reserved_names: ReservedNames,
    pub(super) quota: u32,
}

/// The closed verdicts, each asked for once.
pub(super) struct Closed {
    pub(super) kinds: Kinds,
    at: Timestamp,
    shapes: Vec<(Operation, Settings)>,
    shape_indexes: HashMap<(Operation, Settings), Shape>,
    locals: HashMap<View, Option<Local>>,
    /// Each refusal by its rule and words, which do not tell whether a key is multi-Region.
    refusals: HashMap<(Rule, String), AnswerIndex>,
    /// The rule of each refusal, by its index.
    rules: Vec<Rule>,
    replications: HashMap<(KindIndex, ReplicaRegion), Result<(), AnswerIndex>>,
}

impl Closed {
    pub(super) fn new(at: Timestamp) -> Self {
        Self {
            kinds: Kinds::new(at),
            at,
            shapes: Vec::new(),
            shape_indexes: HashMap::new(),
            locals: HashMap::new(),
            refusals: HashMap::new(),
            rules: Vec::new(),
            replications: HashMap::new(),
        }
    }

    /// The shape of an operation in a table of these settings.
    pub(super) fn shape(&mut self, operation: &Operation, settings: Settings) -> Shape {
        let canonical = (
            canonical_operation(operation, settings),
            Settings {
                scope: SCOPE,
                ..settings
            },
        );
        let next = Shape(u32::try_from(self.shapes.len()).unwrap_or(u32::MAX));
        let shapes = &mut self.shapes;
        let entry = self.shape_indexes.entry(canonical);
        *entry.or_insert_with_key(|canonical| {
            shapes.push(canonical.clone());
            next
        })
    }

    /// The shape of a step that asks no table.
    pub(super) const fn shape_of_nothing(&self) -> Shape {
        Shape::NOTHING
    }

    /// What a step does in the small table of its view; none if there can be no such table.
    pub(super) fn local(&mut self, view: View) -> Option<Local> {
        if let Some(local) = self.locals.get(&view) {
            return *local;
        }
        let local = self.ask(view);
        self.locals.insert(view, local);
        local
    }

    fn ask(&mut self, view: View) -> Option<Local> {
        let place = usize::try_from(view.shape.0).ok()?;
        let (operation, settings) = self.shapes.get(place)?.clone();
        let target = self.kinds.get(view.target).copied();
        let operation = naming(
            operation,
            target_id(target.is_some_and(|key| key.multi_region)),
        );
        let target = target.map(|kind| (target_id(kind.multi_region), kind));
        let present = match view.present {
            Present::On(index) => {
                let kind = *self.kinds.get(index)?;
                Some((present_id(kind.multi_region), kind))
            }
            Present::OnTarget => Some(target?),
            Present::Free => None,
        };
        let name = operation.alias_name().cloned();
        let scene = Scene {
            settings,
            target,
            present,
            name: name.as_ref(),
            usage: view.usage,
        };
        let mut table = scene.table()?;
        let answer = table.apply(&operation, self.at);
        let answer = match answer {
            Ok(_) => AnswerIndex::OK,
            Err(refusal) => self.answer_index(&refusal),
        };
        let key_id = target.map(|(key_id, _)| key_id);
        let after = key_id.and_then(|key_id| table.key(key_id)).map(Kind::of);
        let stands = name.and_then(|name| table.get(&name)?.target_key_id());
        Some(Local {
            answer,
            target: after.map_or(NO_KEY, |kind| self.kinds.index(kind)),
            stands: match stands {
                None => Stands::Nowhere,
                Some(on) if Some(on) == key_id => Stands::OnTarget,
                Some(_) => Stands::AsBefore,
            },
        })
    }

    fn answer_index(&mut self, refusal: &Refusal) -> AnswerIndex {
        let words = refusal.to_string();
        let multi_region = target_id(true).to_string();
        let words = words.replace(&multi_region, &target_id(false).to_string());
        self.index_of(refusal.rule(), words)
    }

    /// The index of an answer whose words depend on no table.
    pub(super) fn answer(&mut self, answer: &Answer) -> AnswerIndex {
        self.index_of(answer.rule, answer.message.to_string())
    }

    /// The index of such an answer, if it was given.
    pub(super) fn known_answer(&self, answer: &Answer) -> Option<AnswerIndex> {
        let key = (answer.rule, answer.message.to_string());
        self.refusals.get(&key).copied()
    }

    /// ReplicateKey of a primary key of a kind, as far as the table of the primary key tells.
    pub(super) fn replication(
        &mut self,
        primary: KindIndex,
        region: ReplicaRegion,
    ) -> Result<(), AnswerIndex> {
        if let Some(known) = self.replications.get(&(primary, region)) {
            return *known;
        }
        let named = (SCOPE, target_id(false));
        let answer = match self.replication_refusal(named, primary, region) {
            Some(refusal) => Err(self.answer_index(&refusal)),
            None => Ok(()),
        };
        self.replications.insert((primary, region), answer);
        answer
    }

    /// What refuses ReplicateKey of a primary key of a kind, which has this ID in this scope.
    pub(super) fn replication_refusal(
        &self,
        (scope, key_id): (Scope, KeyId),
        primary: KindIndex,
        region: ReplicaRegion,
    ) -> Option<Refusal> {
        let kind = self.kinds.get(primary).copied();
        let multi_region = kind.map_or(key_id.is_multi_region(), |kind| kind.multi_region);
        let key_id = KeyId::new(*key_id.as_bytes(), multi_region);
        let scene = Scene {
            settings: Settings {
                scope,
                reserved_names: ReservedNames::default(),
                quota: 0,
            },
            target: kind.map(|kind| (key_id, kind)),
            present: None,
            name: None,
            usage: 0,
        };
        let region = match region {
            ReplicaRegion::OfPrimary => scope.region(),
            ReplicaRegion::Other => another_region(scope.region(), true)?,
            ReplicaRegion::OfOtherPartition => another_region(scope.region(), false)?,
        };
        let table = scene.table()?;
        let asked = table.check_replication(&TargetKeyId::KeyId(key_id), region);
        asked.err()
    }

    fn index_of(&mut self, rule: Rule, words: String) -> AnswerIndex {
        let next = u32::try_from(self.refusals.len()).unwrap_or(u32::MAX);
        let next = AnswerIndex(next.saturating_add(1));
        let rules = &mut self.rules;
        *self.refusals.entry((rule, words)).or_insert_with(|| {
            rules.push(rule);
            next
        })
    }

    /// The index of a refusal that is the same for all keys.
    pub(super) fn refused(&mut self, refusal: &Refusal) -> AnswerIndex {
        self.answer_index(refusal)
    }

    /// The rule by which an answer refuses; none if it is success.
    pub(super) fn rule_of(&self, answer: AnswerIndex) -> Option<Rule> {
        let place = usize::try_from(answer.0).ok()?.checked_sub(1)?;
        self.rules.get(place).copied()
    }

    /// The refusal of an operation as it stands, in the table of its own account.
    pub(super) fn refusal(&self, operation: &Operation, real: &Real) -> Option<Refusal> {
        let target = self.kinds.get(real.target).copied();
        let named = key_id(operation).unwrap_or(target_id(false));
        let multi_region = target.map_or(named.is_multi_region(), |kind| kind.multi_region);
        let named = KeyId::new(*named.as_bytes(), multi_region);
        let operation = naming(operation.clone(), named);
        let target = target.map(|kind| (named, kind));
        let present = match real.present {
            Present::On(index) => {
                let kind = *self.kinds.get(index)?;
                Some((present_id(kind.multi_region), kind))
            }
            Present::OnTarget => target,
            Present::Free => None,
        };
        let scene = Scene {
            settings: real.settings,
            target,
            present,
            name: operation.alias_name(),
            usage: real.usage,
        };
        scene.table()?.check(&operation, self.at).err()
    }
}

/// A Region other than this one, of the same partition or of another.
fn another_region(region: Region, of_partition: bool) -> Option<Region> {
    const REGIONS: [Region; 9] = [
        OTHER_REGION,
        SCOPE.region(),
        Region::from_static("cn-north-1"),
        Region::from_static("us-gov-west-1"),
        Region::from_static("us-iso-east-1"),
        Region::from_static("us-isob-east-1"),
        Region::from_static("eu-isoe-west-1"),
        Region::from_static("us-isof-south-1"),
        Region::from_static("eusc-de-east-1"),
    ];
    let is_it = |other: &&Region| {
        **other != region && (other.partition() == region.partition()) == of_partition
    };
    REGIONS.iter().find(is_it).copied()
}

/// What an operation sees in its own account.
#[derive(Clone, Copy, Debug)]
pub(super) struct Real {
    pub(super) settings: Settings,
    pub(super) target: KindIndex,
    pub(super) present: Present,
    pub(super) usage: u32,
}

/// What a small table holds.
struct Scene<'a> {
    settings: Settings,
    target: Option<(KeyId, Kind)>,
    present: Option<(KeyId, Kind)>,
    name: Option<&'a AliasName>,
    usage: u32,
}

impl Scene<'_> {
    fn table(&self) -> Option<AliasTable> {
        let mut parts = Snapshot::new(self.settings.scope);
        parts.reserved_names = self.settings.reserved_names;
        parts.aliases_per_key = self.settings.quota;
        let on_target =
            self.present.map(|(key_id, _)| key_id) == self.target.map(|(key_id, _)| key_id);
        let present = self.present.filter(|_| !on_target);
        for (key_id, kind) in self.target.into_iter().chain(present) {
            let key = kind.metadata(KeyArn::new(self.settings.scope, key_id));
            parts.keys.push(key.ok()?);
        }
        if let (Some(name), Some((key_id, _))) = (self.name, self.present) {
            let name = AnyAliasName::from(name.clone());
            parts.aliases.push(AliasListEntry::new(name, Some(key_id)));
        }
        if let Some((key_id, _)) = self.target {
            let mine = u32::from(on_target && self.name.is_some());
            let others = self.usage.saturating_sub(mine);
            let names = fillers(self.name).take(usize::try_from(others).ok()?);
            let entries = names.map(|name| AliasListEntry::new(name, Some(key_id)));
            parts.aliases.extend(entries);
        }
        parts.into_table().ok()
    }
}

/// Names for the other aliases of a key, none of which is the one that is asked about.
fn fillers(name: Option<&AliasName>) -> impl Iterator<Item = AnyAliasName> {
    let avoided = name.is_some_and(|name| name.as_str().starts_with("alias/0"));
    let prefix = if avoided { "alias/1" } else { "alias/0" };
    (0_u64..).filter_map(move |number| format!("{prefix}{number}").parse().ok())
}

/// The ID of the key that an operation names.
pub(super) fn key_id(operation: &Operation) -> Option<KeyId> {
    operation.named_key().map(|key| key.key_id())
}

/// The same operation on a key of another ID, in the same scope.
fn naming(operation: Operation, id: KeyId) -> Operation {
    with_key(operation, |key| match key {
        TargetKeyId::KeyId(_) => TargetKeyId::KeyId(id),
        TargetKeyId::KeyArn(arn) => TargetKeyId::KeyArn(KeyArn::new(arn.scope(), id)),
    })
}

fn with_key(mut operation: Operation, change: impl Fn(TargetKeyId) -> TargetKeyId) -> Operation {
    match &mut operation {
        Operation::CreateAlias { target_key_id, .. }
        | Operation::UpdateAlias { target_key_id, .. } => *target_key_id = change(*target_key_id),
        Operation::EnableKey { key_id }
        | Operation::DisableKey { key_id }
        | Operation::ScheduleKeyDeletion { key_id, .. }
        | Operation::CancelKeyDeletion { key_id } => *key_id = change(*key_id),
        Operation::DeleteKey { key_id } | Operation::SetKeyState { key_id, .. } => {
            *key_id = change(TargetKeyId::KeyId(*key_id)).key_id();
        }
        _ => {}
    }
    operation
}

/// The operation as it is asked of the small tables: whose scope its key is of stays told, and
/// whether its name is reserved.
fn canonical_operation(operation: &Operation, settings: Settings) -> Operation {
    let mine = settings.scope;
    let mut canonical = with_key(operation.clone(), |key| {
        let id = target_id(false);
        let TargetKeyId::KeyArn(arn) = key else {
            return TargetKeyId::KeyId(id);
        };
        let named = arn.scope();
        let account = if (named.partition(), named.account()) == (mine.partition(), mine.account())
        {
            SCOPE.account()
        } else {
            OTHER_ACCOUNT
        };
        let region = if named.region() == mine.region() {
            SCOPE.region()
        } else {
            OTHER_REGION
        };
        TargetKeyId::KeyArn(KeyArn::new(Scope::new(region, account), id))
    });
    if let Operation::CreateAlias { alias_name, .. }
    | Operation::UpdateAlias { alias_name, .. }
    | Operation::DeleteAlias { alias_name } = &mut canonical
        && !settings.reserved_names.reserves(alias_name.as_str())
    {
        *alias_name = NAME;
    }
    canonical
}
