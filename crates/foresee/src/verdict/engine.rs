//! The engine: certain steps run on the account's own table, the others over all their worlds.

use std::rc::Rc;

use hashbrown::{HashMap, HashSet};
use kms_alias::{AliasTable, Change, Effect, KeyId, Operation, Refusal, Timestamp};

use super::bound::Bound;
use super::cell::{Cells, Question};
use super::closed::{Closed, Settings, Shape, key_id};
use super::facts::KeyFacts;
use super::happening::Happening;
use super::knowledge::{AliasList, Knowledge};
use super::ledger::{Home, Ledger};
use super::needs::OpenFacts;
use super::outcome::{Need, Possible};
use super::place::Place;
use super::set::{SetIndex, Sets};
use super::task::{Asks, Make, StandIn, Task, Tasks};
use super::words;
use super::world::{KeyIndex, NameIndex, Past, World};

/// What came out of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Judged {
    /// One outcome, whatever the unknown is.
    One(Possible),
    /// Several, or one where the bound was reached before all possibilities were seen.
    Several(Box<Several>),
}

/// The outcomes that a step may have, and what decides between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Several {
    pub(super) could_be: Vec<Possible>,
    pub(super) needs: Vec<Need>,
}

/// One account and Region while a run goes on.
pub(super) struct Account {
    pub(super) place: Place,
    pub(super) knowledge: Knowledge,
    /// Keys that are certainly gone: their deletion was carried out.
    pub(super) deleted: HashSet<KeyId>,
    /// Keys whose deletion was due before the run: they may be gone, and their aliases with them
    /// (rule S5).
    pub(super) overdue: HashSet<KeyId>,
    /// Names that are certainly free, whatever the list lacks: their aliases were deleted.
    pub(super) freed: HashSet<Box<str>>,
    pub(super) settings: Settings,
}

impl Account {
    pub(super) fn new(place: Place, knowledge: Knowledge) -> Self {
        let table = knowledge.table();
        let settings = Settings {
            scope: table.scope(),
            reserved_names: table.reserved_names(),
            quota: table.aliases_per_key(),
        };
        Self {
            place,
            knowledge,
            deleted: HashSet::new(),
            overdue: HashSet::new(),
            freed: HashSet::new(),
            settings,
        }
    }

    /// Notes the names that are free after an effect which is certain.
    fn note_freed(&mut self, effect: &Effect) {
        if self.knowledge.alias_list != AliasList::Incomplete {
            return;
        }
        let freed = match effect {
            Effect::AliasDeleted { alias } => core::slice::from_ref(alias),
            Effect::KeyDeleted { aliases, .. } => aliases.as_slice(),
            _ => &[],
        };
        let names = freed.iter().map(|alias| alias.alias_name.as_str().into());
        self.freed.extend(names);
    }
}

/// Steps that contend get one part in so many of the work that a run may cost.
const SHARES: u64 = 8;

/// Worlds of facts that hang together.
#[derive(Default)]
pub(super) struct Cluster {
    pub(super) worlds: Vec<World>,
    /// Whether the bound was reached: then the worlds are not all.
    pub(super) exceeded: bool,
}

/// Who is told of what steps do.
pub(super) type Observer<'o> = dyn FnMut(usize, &AliasTable, Happening<'_>) + 'o;

/// The engine.
pub(super) struct Engine<'r, 'o> {
    pub(super) at: Timestamp,
    pub(super) bound: Bound,
    pub(super) tasks: Vec<Task<'r>>,
    pub(super) accounts: Vec<Account>,
    pub(super) stand_ins: HashMap<(usize, KeyId), StandIn>,
    /// What is known besides of keys that unknown ones are in this case.
    pub(super) besides: HashMap<(usize, KeyId), Vec<KeyFacts>>,
    /// Names that are made to differ from every other.
    pub(super) unique: HashSet<(usize, Box<str>)>,
    /// The position of the steps that are judged now.
    pub(super) now: usize,
    /// When each step is judged, at the latest; empty where steps are judged as they are listed.
    pub(super) positions: Vec<usize>,
    pub(super) closed: Closed,
    pub(super) sets: Sets,
    pub(super) cells: Cells,
    /// The shape of the step that was asked for last.
    pub(super) last_shape: Option<(usize, Shape)>,
    pub(super) past: Past,
    pub(super) ledger: Option<Ledger>,
    /// Keys that a step makes while others may already ask for them.
    pub(super) made_in_between: HashSet<(usize, KeyId)>,
    pub(super) clusters: Vec<Option<Cluster>>,
    /// The clusters that were joined for the steps that are judged now.
    pub(super) joined: Vec<usize>,
    /// How keys ended whose state steps change, of those that no step of the block asks for any more.
    pub(super) ended: HashMap<KeyIndex, SetIndex>,
    pub(super) judged: Vec<Option<Judged>>,
    /// Whether there is a completion and an order without a refusal.
    pub(super) can_be_clean: bool,
    /// Whether there is one with a refusal.
    pub(super) can_be_refused: bool,
    /// Whether the bound was reached.
    pub(super) exceeded: bool,
    /// The work that was done: steps that were held against worlds, and facts that were copied.
    pub(super) work: u64,
    /// The work at which the steps that are judged now are given up.
    pub(super) most_work: u64,
    /// The place of the step of which it is asked on what it hangs.
    pub(super) asking: usize,
    /// The facts on which questions hang, each found once.
    pub(super) open_facts: HashMap<Question, Rc<OpenFacts>>,
    /// The work that was done to find what outcomes depend on.
    pub(super) tries: u64,
    /// The same for facts that change an outcome alone.
    pub(super) tries_alone: u64,
    pub(super) observer: &'o mut Observer<'o>,
}

impl<'r, 'o> Engine<'r, 'o> {
    pub(super) fn new(
        at: Timestamp,
        bound: Bound,
        tasks: Tasks<'r>,
        accounts: Vec<Account>,
        observer: &'o mut Observer<'o>,
    ) -> Self {
        Self {
            at,
            bound,
            judged: vec![None; tasks.list.len()],
            tasks: tasks.list,
            accounts,
            stand_ins: tasks.stand_ins,
            besides: tasks.besides,
            unique: tasks.unique,
            now: 0,
            positions: Vec::new(),
            closed: Closed::new(at),
            sets: Sets::default(),
            cells: Cells::default(),
            last_shape: None,
            past: Past::default(),
            ledger: None,
            made_in_between: HashSet::new(),
            clusters: Vec::new(),
            joined: Vec::new(),
            ended: HashMap::new(),
            can_be_clean: true,
            can_be_refused: false,
            exceeded: false,
            work: 0,
            most_work: bound.work,
            asking: 0,
            open_facts: HashMap::new(),
            tries: 0,
            tries_alone: 0,
            observer,
        }
    }

    /// Judges a step whose order among the others is certain.
    pub(super) fn judge_step(&mut self, step: usize) {
        if self.is_refused_for_its_shape(step) {
            return;
        }
        match self.certain(step) {
            Some(possible) => self.note(step, possible),
            None => self.judge_block(&[step], &[Vec::new()]),
        }
    }

    /// Notes a step that no account is asked about, as its shape is wrong; whether it is one.
    pub(super) fn is_refused_for_its_shape(&mut self, step: usize) -> bool {
        let Some(task) = self.tasks.get(step) else {
            return false;
        };
        let Some(account) = self.accounts.get(task.place) else {
            return false;
        };
        let mut could_be: Vec<_> = match &task.asks {
            Asks::Refused(refusals) => {
                let answers = refusals.iter();
                let answers = answers.map(|refusal| words::answer(refusal, account.place, &[]));
                answers.map(Possible::Refused).collect()
            }
            Asks::Never(answers) => answers.iter().cloned().map(Possible::Refused).collect(),
            Asks::Operation(_) | Asks::Make(_) => return false,
        };
        could_be.sort_unstable();
        could_be.dedup();
        self.can_be_clean = false;
        self.can_be_refused = true;
        let judged = match <[Possible; 1]>::try_from(could_be) {
            Ok([only]) => Judged::One(only),
            Err(could_be) => Judged::Several(Box::new(Several {
                could_be,
                needs: Vec::new(),
            })),
        };
        self.set_judged(step, judged);
        true
    }

    /// Notes a step that has one outcome in every world.
    fn note(&mut self, step: usize, possible: Possible) {
        if possible != Possible::Ok {
            self.can_be_clean = false;
            self.can_be_refused = true;
        }
        self.set_judged(step, Judged::One(possible));
    }

    pub(super) fn set_judged(&mut self, step: usize, judged: Judged) {
        if let Some(place) = self.judged.get_mut(step) {
            *place = Some(judged);
        }
    }

    /// The outcome of a step that depends on nothing unknown; it is carried out on the account's
    /// table. None if it may depend on something, and then nothing is done.
    fn certain(&mut self, step: usize) -> Option<Possible> {
        let task = self.tasks.get(step)?;
        let account = self.accounts.get_mut(task.place)?;
        let operation = match &task.asks {
            Asks::Operation(operation) => operation,
            Asks::Refused(_) | Asks::Never(_) | Asks::Make(Make::Replica(_)) => return None,
            Asks::Make(Make::New { key_id, refusals }) => {
                let in_between = self.made_in_between.contains(&(task.place, *key_id));
                return (!in_between && refusals.is_empty()).then_some(Possible::Ok);
            }
        };
        if let Some(ledger) = &self.ledger {
            let target = ledger
                .key_of_step(step)
                .and_then(|key| ledger.key_entry(key));
            let fills = self.exceeded && target.is_some_and(|key| key.quota_matters != Some(false));
            if fills || !is_untouched(ledger, step, operation) {
                return None;
            }
        }
        let named = key_id(operation);
        if !name_is_known(&account.knowledge, operation) || account.may_lack(operation, named) {
            return None;
        }
        let stands_in =
            named.is_some_and(|key_id| self.stand_ins.contains_key(&(task.place, key_id)));
        match account.knowledge.table_mut().apply(operation, self.at) {
            // What it leaves behind is counted elsewhere: the alias is not for the table to move.
            Ok(change) if leaves_a_key_counted_apart(self.ledger.as_ref(), task.place, &change) => {
                let undone = account.knowledge.table_mut().undo(&change);
                debug_assert_eq!(undone, Ok(()), "it was done just now");
                None
            }
            Ok(change) => {
                if let Operation::DeleteKey { key_id } = &**operation {
                    account.deleted.insert(*key_id);
                }
                account.note_freed(change.effect());
                note_alias_to_come(self.ledger.as_mut(), step);
                if let Effect::AliasDeleted { alias } = change.effect() {
                    account.knowledge.note_manager(alias);
                }
                (self.observer)(step, account.knowledge.table(), Happening::Certain(&change));
                Some(Possible::Ok)
            }
            Err(refusal) if hangs_on_unknown(&refusal, account, operation, stands_in) => None,
            Err(refusal) => Some(Possible::Refused(words::answer(
                &refusal,
                account.place,
                &[],
            ))),
        }
    }

    /// From here on, the steps that are judged get their share of the work.
    pub(super) fn begin_work(&mut self) {
        let share = self.bound.work.div_euclid(SHARES);
        self.most_work = self.work.saturating_add(share).min(self.bound.work);
    }

    /// Counts work; none if it is more than the bound allows.
    pub(super) fn spend(&mut self, cost: usize) -> Option<()> {
        self.note_work(cost);
        (self.work <= self.most_work).then_some(())
    }

    /// Counts work after which others are asked whether it is too much.
    pub(super) fn note_work(&mut self, cost: usize) {
        let cost = u64::try_from(cost).unwrap_or(u64::MAX);
        self.work = self.work.saturating_add(cost);
    }

    /// The position at which a step is judged.
    pub(super) fn position(&self, step: usize) -> usize {
        self.positions.get(step).copied().unwrap_or(step)
    }

    /// The names and keys of the steps, read when something is unknown for the first time.
    pub(super) fn read_ledger(&mut self) {
        if self.ledger.is_some() {
            return;
        }
        let positions = &self.positions;
        let position = |step: usize| positions.get(step).copied().unwrap_or(step);
        let mut ledger = Ledger::of(&self.tasks, position);
        for (place, key_id) in &self.made_in_between {
            let key = ledger.key(*place, *key_id);
            if let Some(entry) = ledger.key_entry_mut(key) {
                entry.changes = true;
            }
        }
        self.ledger = Some(ledger);
    }

    pub(super) fn key_entry(&self, key: KeyIndex) -> Option<&super::ledger::KeyEntry> {
        self.ledger.as_ref()?.key_entry(key)
    }

    pub(super) fn key_entry_mut(&mut self, key: KeyIndex) -> Option<&mut super::ledger::KeyEntry> {
        self.ledger.as_mut()?.key_entry_mut(key)
    }

    pub(super) fn name_entry(&self, name: NameIndex) -> Option<&super::ledger::NameEntry> {
        self.ledger.as_ref()?.name_entry(name)
    }
}

/// Whether the account's own table has the truth about all on which the outcome of a step hangs.
fn is_untouched(ledger: &Ledger, step: usize, operation: &Operation) -> bool {
    let name = ledger.name_of_step(step);
    let name = name.and_then(|name| ledger.name_entry(name));
    if name.is_some_and(|name| name.home != Home::Account) {
        return false;
    }
    let key = ledger.key_of_step(step);
    let key = key.and_then(|key| ledger.key_entry(key));
    if key.is_some_and(|key| key.home != Home::Account || key.count != Home::Account) {
        return false;
    }
    if matches!(operation, Operation::DeleteKey { .. }) {
        return ledger.names.iter().all(|name| name.home == Home::Account);
    }
    true
}

/// Notes that the alias of a step may now name the key that the step names.
fn note_alias_to_come(ledger: Option<&mut Ledger>, step: usize) {
    let Some(ledger) = ledger else { return };
    let (name, key) = (ledger.name_of_step(step), ledger.key_of_step(step));
    let last = name.and_then(|name| Some(ledger.name_entry(name)?.last));
    if let Some(last) = last
        && let Some(entry) = key.and_then(|key| ledger.key_entry_mut(key))
    {
        entry.last_alias = entry.last_alias.max(last);
    }
}

/// Whether an alias left a key whose aliases the table does not count rightly any more.
fn leaves_a_key_counted_apart(ledger: Option<&Ledger>, place: usize, change: &Change) -> bool {
    let Some(ledger) = ledger.filter(|ledger| ledger.counts_apart) else {
        return false;
    };
    let from = match change.effect() {
        Effect::AliasUpdated { from, .. } => Some(*from),
        Effect::AliasDeleted { alias } => alias.target_key_id,
        _ => None,
    };
    let from = from.and_then(|from| ledger.known_key(place, from));
    let from = from.and_then(|from| ledger.key_entry(from));
    from.is_some_and(|key| key.count != Home::Account)
}

/// Whether the table says what the rules ask of the name of an operation and of its quota.
fn name_is_known(knowledge: &Knowledge, operation: &Operation) -> bool {
    let Some(name) = operation.alias_name() else {
        return true;
    };
    // Where the list is not complete, neither is the number of a key's aliases known.
    let names_no_key = key_id(operation).is_none();
    knowledge.alias_list != AliasList::Incomplete
        || (names_no_key && knowledge.table().get(name).is_some())
}

/// Whether a refusal of the table comes from what the table does not know.
fn hangs_on_unknown(
    refusal: &Refusal,
    account: &Account,
    operation: &Operation,
    stands_in: bool,
) -> bool {
    let key = match refusal {
        Refusal::NotDescribed { .. } => return true,
        Refusal::KeyNotFound { key } => key,
        _ => return false,
    };
    let may_exist = |key_id: KeyId| {
        stands_in || (!account.deleted.contains(&key_id) && account.knowledge.may_exist(&key_id))
    };
    key_id(operation).is_some_and(|named| named == key.key_id() && may_exist(named))
}
