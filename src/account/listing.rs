//! A list of aliases, each entry made a value as soon as it is read: lists are long.

use alloc::vec::Vec;
use core::fmt;

use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};

use super::document::AliasItem;
use super::fault::Fault;
use super::object::Object;
use crate::identifier::Scope;
use crate::operation::AliasListEntry;

/// The entries of `Aliases` up to the first that is at fault.
#[derive(Default)]
pub(super) struct Aliases {
    pub(super) entries: Vec<AliasListEntry>,
    /// The first ARN's scope, and its entry.
    pub(super) scope: Option<(usize, Scope)>,
    /// What is wrong with the entry after these.
    pub(super) fault: Option<Fault>,
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
