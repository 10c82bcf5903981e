//! A list of aliases, each entry made a value as soon as it is read: lists are long.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};

use super::date::Date;
use super::fault::Fault;
use super::member::{identifier, required, timestamp};
use super::object::Object;
use kms_alias::AliasListEntry;
use kms_alias::{AliasArn, AnyAliasName, Scope};

/// The entries of `Aliases` up to the first that is at fault.
#[derive(Default)]
pub(super) struct Aliases {
    pub(super) entries: Vec<AliasListEntry>,
    /// The first ARN's scope, and its entry.
    pub(super) scope: Option<(usize, Scope)>,
    /// What is wrong with the entry after these.
    pub(super) fault: Option<Fault>,
}

/// An entry of `Aliases`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AliasItem<'a> {
    #[serde(borrow)]
    alias_name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    alias_arn: Option<Cow<'a, str>>,
    #[serde(borrow)]
    target_key_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    creation_date: Option<Date<'a>>,
    #[serde(borrow)]
    last_updated_date: Option<Date<'a>>,
}

impl AliasItem<'_> {
    /// The alias, and the scope that its ARN tells.
    fn read(&self) -> Result<(AliasListEntry, Option<Scope>), Fault> {
        let alias_name: AnyAliasName = identifier(
            "AliasName",
            required("AliasName", self.alias_name.as_ref())?,
        )?;
        let mut scope = None;
        if let Some(arn) = &self.alias_arn {
            let arn: AliasArn = identifier("AliasArn", arn)?;
            if *arn.alias_name() != alias_name {
                let arn = Box::new(arn);
                return Err(Fault::OtherAlias { alias_name, arn });
            }
            scope = Some(arn.scope());
        }
        let target = self.target_key_id.as_ref();
        let target = target
            .map(|text| identifier("TargetKeyId", text))
            .transpose()?;
        let mut entry = AliasListEntry::new(alias_name, target);
        entry.creation_date = timestamp(self.creation_date.as_ref())?;
        entry.last_updated_date = timestamp(self.last_updated_date.as_ref())?;
        Ok((entry, scope))
    }
}

impl Aliases {
    fn take(&mut self, item: &AliasItem<'_>) -> Result<(), Fault> {
        let (entry, scope) = item.read()?;
        match (self.scope, scope) {
            (Some((_, scope)), Some(found)) if scope != found => {
                return Err(Fault::OtherScope { scope, found });
            }
            (None, Some(found)) => self.scope = Some((self.entries.len(), found)),
            _ => {}
        }
        self.entries.push(entry);
        Ok(())
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
