//! Sets of the ways in which one key can be, each stored once.

use std::rc::Rc;

use hashbrown::HashMap;

use super::kind::KindIndex;

/// A way in which a key can be: what it was before the run, and what it is by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Way {
    pub(super) before: KindIndex,
    pub(super) now: KindIndex,
}

impl Way {
    /// A way that nothing has changed yet.
    pub(super) const fn unchanged(kind: KindIndex) -> Self {
        Self {
            before: kind,
            now: kind,
        }
    }
}

/// The index of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct SetIndex(u32);

impl SetIndex {
    pub(super) const fn number(self) -> u32 {
        self.0
    }
}

/// Every set that was met: sorted and without repetition.
#[derive(Default)]
pub(super) struct Sets {
    list: Vec<Rc<[Way]>>,
    indexes: HashMap<Rc<[Way]>, SetIndex>,
}

impl Sets {
    pub(super) fn index(&mut self, mut ways: Vec<Way>) -> SetIndex {
        ways.sort_unstable();
        ways.dedup();
        if let Some(index) = self.indexes.get(ways.as_slice()) {
            return *index;
        }
        let index = SetIndex(u32::try_from(self.list.len()).unwrap_or(u32::MAX));
        let ways: Rc<[Way]> = ways.into();
        self.list.push(Rc::clone(&ways));
        self.indexes.insert(ways, index);
        index
    }

    pub(super) fn only(&mut self, way: Way) -> SetIndex {
        self.index(vec![way])
    }

    pub(super) fn get(&self, index: SetIndex) -> Rc<[Way]> {
        let place = usize::try_from(index.0).unwrap_or(usize::MAX);
        self.list.get(place).cloned().unwrap_or_default()
    }
}
