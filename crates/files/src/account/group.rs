//! What files tell of one account and Region, before it is put together.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::vec::Vec;

use super::gather::{Gathered, Listed, Source, blame};
use super::load::Parts;
use super::options::Options;
use crate::advice::{Advice, AdviceRule};
use crate::fault::{AccountError, Fault};
use crate::locate::{Position, Section};
use kms_alias::{AliasListEntry, KeyId, KeyMetadata, Region, Scope};
use kms_alias_foresee::verdict::{AliasList, KeyFacts, KeyList, Knowledge};

/// What was told of one account and Region.
#[derive(Default)]
pub(super) struct Group {
    parts: Parts,
    facts: Vec<(KeyId, KeyFacts)>,
    listed: BTreeSet<KeyId>,
    pub(super) aliases_complete: Option<bool>,
    keys_complete: Option<bool>,
    /// How many lists of aliases there are: with one, no alias can be told twice.
    lists: usize,
}

pub(super) type Groups = BTreeMap<Scope, Group>;

/// The pages that lists end with and that are not their last ones.
pub(super) type Truncated = Vec<(Listed, Position)>;

impl Group {
    /// What is told by keys and aliases.
    pub(super) fn into_parts(mut self) -> Parts {
        self.forget_repetitions();
        let facts = self.facts.iter().map(|(key_id, _)| *key_id);
        self.parts.existing = facts.chain(self.listed).collect();
        self.parts
    }

    pub(super) fn all(
        gathered: Gathered,
        sources: &[Source<'_>],
        options: Options,
    ) -> Result<(Groups, Truncated), AccountError> {
        let defaults = Defaults::of(&gathered, options);
        let scope_of = |scope: Option<Scope>, position: Position| {
            scope
                .or_else(|| defaults.scope(position.file))
                .ok_or_else(|| blame(sources, position, Fault::NoScope))
        };
        let mut groups = Groups::new();
        let mut truncated = Truncated::new();
        for (key, position) in gathered.keys {
            let group = groups.entry(key.arn().scope()).or_default();
            group.parts.push_key(key, position);
        }
        for (arn, facts, _) in gathered.facts {
            let group = groups.entry(arn.scope()).or_default();
            group.facts.push((arn.key_id(), facts));
        }
        for (run, position) in gathered.lists {
            let first = position.of(Section::Aliases, run.first);
            let scope = scope_of(run.scope.map(|(_, scope)| scope), first)?;
            let group = groups.entry(scope).or_default();
            group.parts.push_aliases(run.entries, first);
            group.lists = group.lists.saturating_add(1);
        }
        for (alias, scope, position) in gathered.aliases {
            let group = groups.entry(scope_of(scope, position)?).or_default();
            group.parts.push_aliases([alias].into(), position);
            group.lists = group.lists.saturating_add(1);
        }
        for (key_id, scope, position) in gathered.listed {
            let group = groups.entry(scope_of(scope, position)?).or_default();
            group.listed.insert(key_id);
        }
        for page in gathered.pages {
            let scope = scope_of(page.scope, page.position)?;
            let group = groups.entry(scope).or_default();
            let complete = match page.of {
                Listed::Aliases => &mut group.aliases_complete,
                Listed::Keys => &mut group.keys_complete,
            };
            *complete = Some(complete.unwrap_or(false) || !page.goes_on);
            if page.goes_on {
                truncated.push((page.of, page.position));
            }
        }
        // A page that goes on is followed by others, unless none of them is the last one.
        truncated.retain(|(of, _)| {
            groups.values().any(|group| match of {
                Listed::Aliases => group.aliases_complete == Some(false),
                Listed::Keys => group.keys_complete == Some(false),
            })
        });
        truncated.dedup_by_key(|(of, _)| *of);
        Ok((groups, truncated))
    }

    pub(super) fn know(
        mut self,
        scope: Scope,
        sources: &[Source<'_>],
        options: Options,
        advice: &mut Vec<Advice>,
    ) -> Result<Knowledge, AccountError> {
        self.forget_repetitions();
        let listed = core::mem::take(&mut self.listed);
        let facts = core::mem::take(&mut self.facts);
        let (aliases_complete, keys_complete) = (self.aliases_complete, self.keys_complete);
        let keys_complete = keys_complete == Some(true) && !options.partial;
        if keys_complete {
            self.advise_of_unlisted(&listed, advice);
        }
        let table = self.parts.assemble(scope, sources, options)?;
        let mut knowledge = Knowledge::from(table);
        for (key_id, facts) in facts {
            knowledge.insert_undescribed_key(key_id, facts);
        }
        for key_id in listed {
            knowledge.insert_undescribed_key(key_id, KeyFacts::existing());
        }
        knowledge.alias_list = match aliases_complete {
            None => AliasList::Absent,
            Some(true) if !options.partial => AliasList::Complete,
            Some(_) => AliasList::Incomplete,
        };
        if keys_complete {
            knowledge.key_list = KeyList::Complete;
        }
        Ok(knowledge)
    }

    /// Tells of the aliases whose keys are neither described nor in the complete list of keys.
    fn advise_of_unlisted(&self, listed: &BTreeSet<KeyId>, advice: &mut Vec<Advice>) {
        let described = self.parts.keys.iter().map(KeyMetadata::key_id);
        let described: hashbrown::HashSet<KeyId> = described.collect();
        for alias in &self.parts.aliases {
            let Some(key_id) = alias.target_key_id else {
                continue;
            };
            if !described.contains(&key_id) && !listed.contains(&key_id) {
                advice.push(unlisted(alias, key_id));
            }
        }
    }

    /// Drops what is told again in the same words: a key that is described once for each alias.
    fn forget_repetitions(&mut self) {
        let mut seen = hashbrown::HashMap::new();
        let parts = &mut self.parts;
        let mut positions = Vec::with_capacity(parts.key_positions.len());
        let mut keys = Vec::with_capacity(parts.keys.len());
        for (key, position) in parts.keys.drain(..).zip(parts.key_positions.drain(..)) {
            match seen.get(&key.key_id()) {
                Some(index) if keys.get(*index) == Some(&key) => continue,
                _ => {}
            }
            seen.insert(key.key_id(), keys.len());
            keys.push(key);
            positions.push(position);
        }
        parts.keys = keys;
        parts.key_positions = positions;
        if self.lists > 1 {
            parts.forget_repeated_aliases();
        }
    }
}

impl Parts {
    /// Drops aliases that are told again with the same key.
    fn forget_repeated_aliases(&mut self) {
        let mut seen = hashbrown::HashMap::with_capacity(self.aliases.len());
        let repeated = |alias: &AliasListEntry| {
            let target = alias.target_key_id;
            seen.insert(alias.alias_name.clone(), target) == Some(target)
        };
        self.retain_aliases(repeated);
    }

    /// Drops aliases, and keeps the positions of the others.
    fn retain_aliases(&mut self, mut is_dropped: impl FnMut(&AliasListEntry) -> bool) {
        let aliases = core::mem::take(&mut self.aliases);
        let lists = core::mem::take(&mut self.lists);
        let mut ends = lists.iter().skip(1).map(|(before, _)| *before);
        let mut aliases = aliases.into_iter().enumerate().peekable();
        for (before, first) in &lists {
            let end = ends.next().unwrap_or(usize::MAX);
            // Each stretch that is kept is a list of its own.
            let mut is_new = true;
            while let Some((index, alias)) = aliases.next_if(|(index, _)| *index < end) {
                if is_dropped(&alias) {
                    is_new = true;
                    continue;
                }
                if is_new {
                    let position = first.plus(index.saturating_sub(*before));
                    self.lists.push((self.aliases.len(), position));
                    is_new = false;
                }
                self.aliases.push(alias);
            }
        }
    }
}

/// The scopes of what tells none, such as an empty list.
struct Defaults {
    region: Option<Region>,
    /// That of the options.
    given: Option<Scope>,
    all: BTreeSet<Scope>,
    /// What the files tell, by their numbers.
    of_files: BTreeMap<usize, BTreeSet<Scope>>,
}

impl Defaults {
    fn of(gathered: &Gathered, options: Options) -> Self {
        let keys = gathered.keys.iter();
        let keys = keys.map(|(key, position)| (key.arn().scope(), position));
        let facts = gathered.facts.iter();
        let facts = facts.map(|(arn, _, position)| (arn.scope(), position));
        let runs = gathered.lists.iter();
        let runs = runs.filter_map(|(run, position)| Some((run.scope?.1, position)));
        let single = gathered.aliases.iter();
        let single = single.filter_map(|(_, scope, position)| Some(((*scope)?, position)));
        let listed = gathered.listed.iter();
        let listed = listed.filter_map(|(_, scope, position)| Some(((*scope)?, position)));
        let (mut all, mut of_files) = (BTreeSet::new(), BTreeMap::<_, BTreeSet<_>>::new());
        for (scope, position) in keys.chain(facts).chain(runs).chain(single).chain(listed) {
            all.insert(scope);
            of_files.entry(position.file).or_default().insert(scope);
        }
        Self {
            region: options.region,
            given: (options.region.zip(options.account))
                .map(|(region, account)| Scope::new(region, account)),
            all,
            of_files,
        }
    }

    /// That of the options, or the only one that is told, or the only one that the same file tells.
    fn scope(&self, file: usize) -> Option<Scope> {
        let of_file = self.of_files.get(&file);
        self.given
            .or_else(|| self.only(&self.all))
            .or_else(|| self.only(of_file?))
    }

    /// The only scope of these, or the only one in the Region of the options.
    fn only(&self, scopes: &BTreeSet<Scope>) -> Option<Scope> {
        let fits = |scope: &&Scope| self.region.is_none_or(|region| scope.region() == region);
        let mut fitting = scopes.iter().filter(fits);
        let first = fitting.next().filter(|_| fitting.next().is_none());
        first
            .or(scopes.first().filter(|_| scopes.len() == 1))
            .copied()
    }
}

/// That the last page of a list is not there (F6).
pub(super) fn incomplete(sources: &[Source<'_>], of: Listed, position: Position) -> Advice {
    let list = match of {
        Listed::Aliases => "list-aliases",
        Listed::Keys => "list-keys",
    };
    let at = blame(sources, position, Fault::Truncated);
    let line = at
        .line()
        .map_or_else(Default::default, |line| format!(":{line}"));
    let words = format!(
        "{}{line}: the last page of `{list}` is not there, so what it lacks may exist: print all pages",
        at.file()
    );
    Advice::new(AdviceRule::F6, words)
}

fn unlisted(alias: &AliasListEntry, key_id: KeyId) -> Advice {
    let words = format!(
        "alias {} names the key {key_id}, which the list of keys lacks: the lists are of different times",
        alias.alias_name
    );
    Advice::new(AdviceRule::F7, words)
}
