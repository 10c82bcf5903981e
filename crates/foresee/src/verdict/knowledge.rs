//! What is known of one account and Region before a run.

use std::collections::BTreeMap;

use hashbrown::{HashMap, HashSet};
use kms_alias::{
    AccountId, Alias, AliasListEntry, AliasName, AliasTable, AnyAliasName, Change, Effect, KeyId,
    KeyMetadata, Partition, Region, ReservedNames, Scope, Timestamp,
};

use super::facts::KeyFacts;
use super::place::Place;

/// How much the list of an account's keys tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum KeyList {
    /// No list, or a part of one: a key that is not in it may exist.
    #[default]
    Incomplete,
    /// The whole list: a key that is not in it does not exist (rule H4).
    Complete,
}

/// How much the list of an account's aliases tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AliasList {
    /// No list: a name that nothing mentions is taken as free, and a key as having no aliases but
    /// those that are mentioned. This is assumed, and a summary has to say so (rule H6).
    #[default]
    Absent,
    /// A part of the list: a name that is not in it may be free or taken.
    Incomplete,
    /// The whole list: a name that is not in it is free (rule H5).
    Complete,
}

/// What is known of one account and Region before a run.
///
/// A table holds the keys that exist, described or not (rule I6), and all aliases. What else is
/// known of a key that the table does not describe stands beside it.
///
/// ```
/// use kms_alias::{AccountId, KeyId, Region, Scope};
/// use kms_alias_foresee::verdict::{AliasList, KeyFacts, Knowledge, Place};
///
/// let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// let mut knowledge = Knowledge::new(Place::from(scope));
/// knowledge.insert_alias_of_undescribed_key("alias/payments".parse()?, key_id);
/// knowledge.alias_list = AliasList::Complete;
///
/// // A customer's alias names it: it exists and is customer managed (rule H1).
/// assert_eq!(knowledge.facts_of(&key_id), KeyFacts::customer_managed());
/// # Ok::<(), kms_alias::ParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Knowledge {
    place: Place,
    table: AliasTable,
    /// What is known of keys that the table does not describe, besides what it tells of them.
    facts: HashMap<KeyId, KeyFacts>,
    assumed_absent: HashSet<KeyId>,
    /// How much the list of keys tells.
    pub key_list: KeyList,
    /// How much the list of aliases tells.
    pub alias_list: AliasList,
}

impl Knowledge {
    /// A place of which nothing is known.
    #[must_use]
    pub fn new(place: Place) -> Self {
        let table = AliasTable::new(stand_in(place));
        Self {
            place,
            ..Self::from(table)
        }
    }

    /// The same under another reading of rule A4.
    #[must_use]
    pub fn with_reserved_names(mut self, reserved_names: ReservedNames) -> Self {
        self.table = self.table.with_reserved_names(reserved_names);
        self
    }

    /// The same with another quota of aliases per key (rule T6).
    #[must_use]
    pub fn with_aliases_per_key(mut self, quota: u32) -> Self {
        self.table = self.table.with_aliases_per_key(quota);
        self
    }

    /// The place.
    #[must_use]
    pub const fn place(&self) -> Place {
        self.place
    }

    /// The keys that exist, and the aliases.
    #[must_use]
    pub const fn table(&self) -> &AliasTable {
        &self.table
    }

    /// The table, to put keys and aliases into it.
    ///
    /// Where account or Region are unknown, the table is of a scope that stands in for them: its
    /// keys are of that scope.
    #[must_use]
    pub const fn table_mut(&mut self) -> &mut AliasTable {
        &mut self.table
    }

    /// Takes the table out.
    #[must_use]
    pub fn into_table(self) -> AliasTable {
        self.table
    }

    /// Notes what is known of a key that is not described; what was known before stays known.
    ///
    /// Of a key that the table describes nothing is noted: its description wins.
    pub fn insert_undescribed_key(&mut self, key_id: KeyId, facts: KeyFacts) {
        if self.table.is_described(&key_id) {
            return;
        }
        if facts.exists && !self.table.knows_key(&key_id) {
            let inserted = self.table.insert_undescribed_key(key_id);
            debug_assert!(inserted.is_ok(), "the table does not know it");
        }
        let known = self.facts.entry(key_id).or_default();
        *known = known.or(facts);
    }

    /// Takes a key as one that does not exist, though it may: whether that is assumed, because neither
    /// is it known to exist nor tells a list that it does not (rule H4). A summary has to say so (rule
    /// H6).
    pub fn assume_absent(&mut self, key_id: KeyId) -> bool {
        let is_open = !self.table.knows_key(&key_id)
            && !self.facts_of(&key_id).exists
            && self.key_list == KeyList::Incomplete;
        if is_open {
            self.assumed_absent.insert(key_id);
        }
        is_open
    }

    /// Says anew what is known of a key that is not described; one that does not exist has no
    /// aliases.
    pub(super) fn replace_facts(&mut self, key_id: KeyId, facts: KeyFacts) {
        self.facts.remove(&key_id);
        if !facts.exists && self.table.knows_key(&key_id) {
            let aliases = self.table.aliases_of(key_id).map(|alias| alias.to_entry());
            for alias in aliases.collect::<Vec<_>>() {
                self.happens(Effect::AliasDeleted { alias });
            }
            self.happens(Effect::UndescribedKeyRemoved { key_id });
        }
        if facts != KeyFacts::default() {
            self.insert_undescribed_key(key_id, facts);
        }
    }

    /// Notes an alias whose key is not described: the key exists, and who manages it follows from
    /// the name (rules H1, H2). Of an alias that names another key this is believed.
    pub fn insert_alias_of_undescribed_key(&mut self, alias_name: AnyAliasName, key_id: KeyId) {
        let facts = managed_by(alias_name.is_aws());
        self.insert_undescribed_key(key_id, facts);
        self.insert_alias(AliasListEntry::new(alias_name, Some(key_id)));
    }

    /// Puts an alias into the table as a fact: its key is one that the table knows. An alias that
    /// cannot stand there is left out.
    pub fn insert_alias(&mut self, alias: AliasListEntry) {
        let present = self.table.get(&alias.alias_name);
        let present = present.map(|alias| alias.to_entry());
        if present.as_ref().map(|alias| alias.target_key_id) == Some(alias.target_key_id) {
            return;
        }
        let Some(target_key_id) = alias.target_key_id.filter(|_| !alias.alias_name.is_aws()) else {
            return self.insert_aws_alias(alias);
        };
        if let Some(alias) = present {
            self.happens(Effect::AliasDeleted { alias });
        }
        // What is created has dates. What comes back, when its deletion is taken back, stands as
        // it is said to have stood.
        let at = Timestamp::from_millis(0);
        let alias_name = alias.alias_name.clone();
        self.happens(Effect::AliasCreated {
            alias_name: alias_name.clone(),
            target_key_id,
            at,
        });
        let Some(created) = self.table.get(&alias_name).map(|alias| alias.to_entry()) else {
            return;
        };
        self.happens(Effect::AliasDeleted { alias: created });
        let deletion = Change::new(self.table.sequence(), Effect::AliasDeleted { alias });
        let undone = self.table.undo(&deletion);
        debug_assert_eq!(undone, Ok(()), "it was deleted just now");
    }

    /// The same for an alias of AWS's, or one without a key: no change makes one, so the table is
    /// assembled anew.
    fn insert_aws_alias(&mut self, alias: AliasListEntry) {
        let mut parts = self.table.snapshot();
        let is_other = |known: &AliasListEntry| known.alias_name != alias.alias_name;
        parts.aliases.retain(is_other);
        parts.aliases.push(alias);
        if let Ok(table) = parts.into_table() {
            self.table = table;
        }
    }

    /// Makes a change to the table that is certain; one that does not fit is left out.
    pub(super) fn happens(&mut self, effect: Effect) {
        let next = self.table.sequence().saturating_add(1);
        let _ = self.table.replay(&Change::new(next, effect));
    }

    /// An alias names this key from now on, or nowhere.
    pub(super) fn move_alias(&mut self, alias_name: AliasName, on: Option<KeyId>, at: Timestamp) {
        let alias_name = AnyAliasName::from(alias_name);
        let present = self.table.get(&alias_name).map(|alias| alias.to_entry());
        if let Some(alias) = &present {
            self.note_manager(alias);
        }
        if let Some(key_id) = on {
            self.insert_undescribed_key(key_id, KeyFacts::existing());
        }
        let effect = match (present, on) {
            (None, None) => return,
            (Some(alias), None) => Effect::AliasDeleted { alias },
            (None, Some(target_key_id)) => Effect::AliasCreated {
                alias_name,
                target_key_id,
                at,
            },
            (Some(alias), Some(to)) => Effect::AliasUpdated {
                alias_name,
                from: alias.target_key_id.unwrap_or(to),
                to,
                updated_before: alias.last_updated_date,
                at,
            },
        };
        self.happens(effect);
    }

    /// Keeps what an alias that goes away says of its key.
    pub(super) fn note_manager(&mut self, alias: &AliasListEntry) {
        if let Some(key_id) = alias.target_key_id {
            self.insert_undescribed_key(key_id, managed_by(alias.alias_name.is_aws()));
        }
    }

    /// What is known of a key that the table does not describe; whether it is multi-Region, its ID
    /// says (rule H3).
    #[must_use]
    pub fn facts_of(&self, key_id: &KeyId) -> KeyFacts {
        let noted = self.facts.get(key_id).copied().unwrap_or_default();
        noted.or(facts_told(&self.table, key_id))
    }

    /// The key on which an alias stands; none if the name is not taken.
    pub(super) fn stands_on(&self, name: &str) -> Option<KeyId> {
        self.table.get(name)?.target_key_id()
    }

    /// The aliases of a key, AWS's own not among them.
    pub(super) fn aliases_on(&self, key_id: &KeyId) -> impl Iterator<Item = Alias<'_>> {
        let aliases = self.table.aliases_of(*key_id);
        aliases.filter(|alias| !alias.is_aws())
    }

    /// Whether a key that the table does not describe may exist (rules H4, H6).
    pub(crate) fn may_exist(&self, key_id: &KeyId) -> bool {
        let is_told = self.key_list == KeyList::Complete || self.assumed_absent.contains(key_id);
        !is_told || self.facts_of(key_id).exists
    }

    /// The keys whose deletion was due before this time: they may be gone by now, and their aliases
    /// with them (rule S5). A verdict is one over both.
    ///
    /// ```
    /// use kms_alias::Timestamp;
    /// use kms_alias_foresee::verdict::{Knowledge, Place};
    ///
    /// let knowledge = Knowledge::new(Place::default());
    /// assert_eq!(knowledge.overdue_keys(Timestamp::from_millis(0)).count(), 0);
    /// ```
    pub fn overdue_keys(&self, at: Timestamp) -> impl Iterator<Item = KeyId> {
        let is_overdue = move |key: &&KeyMetadata| key.deletion_date().is_some_and(|due| due < at);
        self.table
            .keys()
            .filter(is_overdue)
            .map(KeyMetadata::key_id)
    }

    /// The keys that are not described, by ID, with what is known of them.
    pub fn undescribed_keys(&self) -> impl Iterator<Item = (KeyId, KeyFacts)> {
        let known = self.table.undescribed_keys();
        let noted = self.facts.keys().copied();
        let keys = known.chain(noted.filter(|key_id| !self.table.is_described(key_id)));
        let keys: BTreeMap<_, _> = keys
            .map(|key_id| (key_id, self.facts_of(&key_id)))
            .collect();
        keys.into_iter()
    }

    /// The aliases whose key is not described, by name, with their key.
    pub fn aliases_of_undescribed_keys(&self) -> impl Iterator<Item = (AnyAliasName, KeyId)> {
        let keys = self.table.undescribed_keys();
        let aliases = keys.flat_map(|key_id| {
            let aliases = self.table.aliases_of(key_id);
            aliases.map(move |alias| (alias.to_name(), key_id))
        });
        let mut aliases: Vec<_> = aliases.collect();
        aliases.sort_unstable();
        aliases.into_iter()
    }
}

/// What a table tells of a key that it does not describe.
pub(crate) fn facts_told(table: &AliasTable, key_id: &KeyId) -> KeyFacts {
    if !table.knows_key(key_id) {
        return KeyFacts::default();
    }
    // Any of its aliases says who manages it (rules H1, H2).
    let alias = table.aliases_of(*key_id).next();
    alias.map_or(KeyFacts::existing(), |alias| managed_by(alias.is_aws()))
}

/// What an alias says of its key: that it exists, and who manages it (rules H1, H2).
const fn managed_by(aws: bool) -> KeyFacts {
    if aws {
        KeyFacts::aws_managed()
    } else {
        KeyFacts::customer_managed()
    }
}

impl From<AliasTable> for Knowledge {
    /// What a table tells, and no more.
    fn from(table: AliasTable) -> Self {
        Self {
            place: table.scope().into(),
            table,
            facts: HashMap::new(),
            assumed_absent: HashSet::new(),
            key_list: KeyList::default(),
            alias_list: AliasList::default(),
        }
    }
}

/// What stands in for an account that is unknown: no account has this number.
const ACCOUNT: AccountId = AccountId::from_static("000000000000");

/// The scope of a table whose account or Region is unknown.
pub(super) fn stand_in(place: Place) -> Scope {
    let region = match place.partition() {
        None | Some(Partition::Aws) => Region::from_static("us-unknown-0"),
        Some(Partition::AwsCn) => Region::from_static("cn-unknown-0"),
        Some(Partition::AwsEusc) => Region::from_static("eusc-de-unknown-0"),
        Some(Partition::AwsIso) => Region::from_static("us-iso-unknown-0"),
        Some(Partition::AwsIsoB) => Region::from_static("us-isob-unknown-0"),
        Some(Partition::AwsIsoE) => Region::from_static("eu-isoe-unknown-0"),
        Some(Partition::AwsIsoF) => Region::from_static("us-isof-unknown-0"),
        _ => Region::from_static("us-gov-unknown-0"),
    };
    Scope::new(
        place.region.unwrap_or(region),
        place.account.unwrap_or(ACCOUNT),
    )
}
