//! A list of aliases, each entry made a value as soon as it is read: lists are long.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};

use super::member::{identifier, required, timestamp};
use crate::date::Date;
use crate::fault::Fault;
use crate::object::{Object, optional_text};
use kms_alias::AliasListEntry;
use kms_alias::{AliasArn, AnyAliasName, Scope};

/// The entries of `Aliases` up to the first that is at fault.
#[derive(Default)]
pub(crate) struct Aliases {
    /// The entries, in their order: a new run begins where the scope changes.
    pub(crate) runs: Vec<AliasRun>,
    /// What is wrong with the entry after these.
    pub(crate) fault: Option<Fault>,
    arn_beginning: Option<ArnBeginning>,
}

/// Entries of a list that follow each other and are of one scope.
#[derive(Default)]
pub(crate) struct AliasRun {
    /// The index of the first of them in the list.
    pub(crate) first: usize,
    pub(crate) entries: Vec<AliasListEntry>,
    /// The scope that the first ARN tells, and the index in the list of the entry that has it.
    pub(crate) scope: Option<(usize, Scope)>,
}

/// An entry of `Aliases`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AliasItem<'a> {
    #[serde(borrow, default, deserialize_with = "optional_text")]
    alias_name: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "optional_text")]
    alias_arn: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "optional_text")]
    target_key_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    creation_date: Option<Date<'a>>,
    #[serde(borrow)]
    last_updated_date: Option<Date<'a>>,
}

impl AliasItem<'_> {
    /// The alias, and the scope that its ARN tells.
    pub(crate) fn read(&self) -> Result<(AliasListEntry, Option<Scope>), Fault> {
        self.read_after(&mut None)
    }

    /// As [`read`](Self::read), where an alias read before had an ARN of this beginning.
    fn read_after(
        &self,
        known: &mut Option<ArnBeginning>,
    ) -> Result<(AliasListEntry, Option<Scope>), Fault> {
        let alias_name: AnyAliasName = identifier(
            "AliasName",
            required("AliasName", self.alias_name.as_ref())?,
        )?;
        let arn = self.alias_arn.as_deref();
        let scope = arn.map(|arn| match known {
            Some(known) if known.is_before(&alias_name, arn) => Ok(known.scope),
            _ => Ok(known.insert(ArnBeginning::of(arn, &alias_name)?).scope),
        });
        let scope = scope.transpose()?;
        let target = self.target_key_id.as_ref();
        let target = target
            .map(|text| identifier("TargetKeyId", text))
            .transpose()?;
        let mut entry = AliasListEntry::new(alias_name, target);
        entry.creation_date = timestamp(self.creation_date.as_ref())?;
        // An alias that never moved has the same date twice.
        entry.last_updated_date = if self.last_updated_date == self.creation_date {
            entry.creation_date
        } else {
            timestamp(self.last_updated_date.as_ref())?
        };
        Ok((entry, scope))
    }
}

/// What an ARN of an alias begins with, up to the alias name: the same in all of a list but few.
struct ArnBeginning {
    text: Box<str>,
    scope: Scope,
}

impl ArnBeginning {
    fn of(arn: &str, alias_name: &AnyAliasName) -> Result<Self, Fault> {
        let parsed: AliasArn = identifier("AliasArn", arn)?;
        match arn.strip_suffix(alias_name.as_str()) {
            Some(beginning) if parsed.alias_name() == alias_name => Ok(Self {
                text: beginning.into(),
                scope: parsed.scope(),
            }),
            _ => Err(Fault::OtherAlias {
                alias_name: alias_name.clone(),
                arn: Box::new(parsed),
            }),
        }
    }

    /// Whether this and the name make an ARN, which is as good then as the one it was taken from.
    fn is_before(&self, alias_name: &AnyAliasName, arn: &str) -> bool {
        arn.strip_prefix(&*self.text) == Some(alias_name.as_str())
    }
}

impl Aliases {
    /// How many entries were read.
    pub(crate) fn len(&self) -> usize {
        self.runs.last().map_or(0, AliasRun::end)
    }

    fn take(&mut self, item: &AliasItem<'_>) -> Result<(), Fault> {
        let (entry, found) = item.read_after(&mut self.arn_beginning)?;
        let index = self.len();
        let run = match self.runs.last_mut() {
            Some(run) if run.admits(found) => run,
            _ => {
                self.runs.push(AliasRun {
                    first: index,
                    ..AliasRun::default()
                });
                // It was pushed just now.
                let Some(run) = self.runs.last_mut() else {
                    return Ok(());
                };
                run
            }
        };
        run.scope = run.scope.or(found.map(|scope| (index, scope)));
        run.entries.push(entry);
        Ok(())
    }
}

impl AliasRun {
    /// The index in the list of what follows the run.
    fn end(&self) -> usize {
        self.first.saturating_add(self.entries.len())
    }

    /// Whether an entry of such a scope belongs to the run.
    fn admits(&self, found: Option<Scope>) -> bool {
        match (self.scope, found) {
            (Some((_, scope)), Some(found)) => scope == found,
            _ => true,
        }
    }
}

impl<'de> Deserialize<'de> for Aliases {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(AliasesVisitor)
    }
}

struct AliasesVisitor;

impl<'de> Visitor<'de> for AliasesVisitor {
    type Value = Aliases;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Aliases, A::Error> {
        let mut aliases = Aliases::default();
        while let Some(Object(item)) = list.next_element::<Object<AliasItem<'_>>>()? {
            // What follows a fault has to be well-formed all the same.
            if aliases.fault.is_none() {
                aliases.fault = aliases.take(&item).err();
            }
        }
        Ok(aliases)
    }
}
