//! Where resources are written: the file of their template, and the line there.

use super::nested::Tree;
use super::template::Template;
use crate::run::Source;

/// A stack, its templates, and what stands in front of the logical ID in an address: `Network/Keys`.
pub(super) struct WrittenIn<'v> {
    pub(super) labels: [&'v str; 2],
    /// The file of the new template; of the running one where the stack goes.
    pub(super) file: &'v str,
    pub(super) new: Option<&'v Template>,
    pub(super) old: Option<&'v Template>,
}

impl Tree {
    /// The nested stacks.
    pub(super) fn written_in(&self) -> impl Iterator<Item = WrittenIn<'_>> {
        self.all.values().map(|nested| WrittenIn {
            labels: [&nested.path, &nested.label],
            file: &nested.file,
            new: nested.new.as_ref(),
            old: nested.old.as_ref(),
        })
    }
}

impl WrittenIn<'_> {
    /// The file, if one of the templates has a resource of this name, and the line if that is the one of the
    /// file.
    fn source(&self, logical_id: &str) -> Option<Source> {
        let has = |it: &&Template| it.entry("Resources", logical_id).is_some();
        let found = self.new.filter(has);
        let of_file = self.new.or(self.old).filter(has);
        found.or(self.old.filter(has))?;
        Some(Source {
            file: self.file.into(),
            line: of_file.and_then(|it| it.line(logical_id)),
        })
    }
}

/// Where what has an address is written, in one of these.
pub(super) fn source<'v>(
    address: &str,
    mut stacks: impl Iterator<Item = WrittenIn<'v>>,
) -> Option<Source> {
    let (labels, logical_id) = address.rsplit_once('/').unwrap_or(("", address));
    stacks.find_map(|stack| {
        let is_it = stack.labels.contains(&labels);
        is_it.then(|| stack.source(logical_id)).flatten()
    })
}
