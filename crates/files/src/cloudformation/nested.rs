//! Nested stacks: the templates of the resources `AWS::CloudFormation::Stack`, as far as they are files
//! beside the template that has them.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::parameters::Given;
use super::ring::Ring;
use super::template::{STACK, Template};
use super::{parse_body, parse_deployed};
use crate::fault::AccountError;
use crate::file::File;
use crate::run::RunInput;
use crate::text;

/// As deep are nested stacks followed, and as many in all.
const DEEPEST: usize = 8;
const MOST_STACKS: usize = 500;

/// A nested stack that is judged.
pub(super) struct Nested {
    /// The number of the stack that has it, its logical ID there, and the number of the outermost stack.
    pub(super) parent: usize,
    pub(super) logical_id: String,
    pub(super) root: usize,
    /// The logical IDs that lead to it: `Network/Keys`.
    pub(super) path: String,
    /// The same, behind the name of the outermost stack if there are several.
    pub(super) label: String,
    /// The file of its template.
    pub(super) file: String,
    /// Its template; none where the stack goes.
    pub(super) new: Option<Template>,
    pub(super) old: Option<Template>,
}

/// A template, and where its file lies.
#[derive(Clone, Copy)]
pub(super) struct Located<'t> {
    pub(super) template: &'t Template,
    /// The name of its file as it was handed in, and by its path from the folder of the outermost one.
    pub(super) file: &'t str,
    pub(super) name: &'t str,
    /// The template that has it as a nested stack, with the logical ID there.
    pub(super) within: Option<(&'t Self, &'t str)>,
}

/// A stack that may have nested ones.
pub(super) struct Parent<'t> {
    number: usize,
    root: usize,
    /// The logical IDs that lead to it, and what it is called.
    path: String,
    label: Option<String>,
    depth: usize,
    new: Option<Located<'t>>,
    old: Option<Located<'t>>,
    given: Given,
}

/// The nested stacks of templates by their numbers, and why others are not judged.
#[derive(Default)]
pub(super) struct Tree {
    pub(super) all: BTreeMap<usize, Nested>,
    not_judged: BTreeMap<(usize, String), String>,
    next: usize,
}

/// A template that was found.
struct Found {
    file: String,
    name: String,
    template: Template,
}

/// The new template of a nested stack, and the one that runs.
type Both = (Option<Found>, Option<Found>);

/// What is known of a nested stack.
enum Sides {
    Found(Box<Both>),
    NotJudged(String),
    /// It goes from the template, and stays as it is: nothing is known of what it has.
    Kept,
}

impl Tree {
    /// The nested stacks of outermost ones, whose numbers come first.
    pub(super) fn of(input: &RunInput<'_>, roots: &[Parent<'_>]) -> Result<Self, AccountError> {
        let mut tree = Self {
            next: roots.len(),
            ..Self::default()
        };
        for root in roots {
            tree.add(input, root)?;
        }
        Ok(tree)
    }

    /// The nested stacks of a stack that are not judged, by their logical IDs, and why.
    pub(super) fn words_of(&self, stack: usize) -> impl Iterator<Item = (&str, Box<str>)> {
        let all = self.not_judged.iter();
        let own = all.filter(move |((number, _), _)| *number == stack);
        own.map(|((_, logical_id), words)| (logical_id.as_str(), words.as_str().into()))
    }

    /// Adds the nested stacks of a stack, and those of these.
    fn add(&mut self, input: &RunInput<'_>, parent: &Parent<'_>) -> Result<(), AccountError> {
        for logical_id in parent.nested() {
            let (mut new, mut old) = match self.sides(input, parent, logical_id)? {
                Sides::Kept => continue,
                Sides::Found(both) => *both,
                Sides::NotJudged(words) => {
                    let place = (parent.number, logical_id.to_owned());
                    self.not_judged.insert(place, words);
                    continue;
                }
            };
            let given = parent.given_to(logical_id, new.as_ref(), old.as_ref());
            for (found, is_old) in [(&mut new, false), (&mut old, true)] {
                if let Some(Found { template, .. }) = found {
                    template.write_out_loops(&given.lists(template, is_old));
                }
            }
            let number = self.next;
            self.next = number.saturating_add(1);
            let path = [&parent.path, logical_id].concat();
            let label = match &parent.label {
                Some(label) => [label, "/", logical_id].concat(),
                None => logical_id.to_owned(),
            };
            let inner = Parent {
                number,
                root: parent.root,
                path: [&path, "/"].concat(),
                label: Some(label.clone()),
                depth: parent.depth.saturating_add(1),
                new: new.as_ref().map(|it| it.located(&parent.new, logical_id)),
                old: old.as_ref().map(|it| it.located(&parent.old, logical_id)),
                given,
            };
            self.add(input, &inner)?;
            let file = new.as_ref().or(old.as_ref()).map(|it| it.file.clone());
            let nested = Nested {
                parent: parent.number,
                logical_id: logical_id.to_owned(),
                root: parent.root,
                path,
                label,
                file: file.unwrap_or_default(),
                new: new.map(|it| it.template),
                old: old.map(|it| it.template),
            };
            self.all.insert(number, nested);
        }
        Ok(())
    }

    fn sides(
        &self,
        input: &RunInput<'_>,
        parent: &Parent<'_>,
        logical_id: &str,
    ) -> Result<Sides, AccountError> {
        if parent.depth >= DEEPEST || self.all.len() >= MOST_STACKS {
            return Ok(Sides::NotJudged(format!(
                "`{logical_id}` is a nested stack, which is not judged: no more than {MOST_STACKS} nested stacks are followed, \
                 and no more than {DEEPEST} inside each other; check its template by itself"
            )));
        }
        let kept = parent.old.filter(|_| !parent.has_new(logical_id));
        let stays = kept.is_some_and(|old| is_kept(old.template, logical_id));
        for located in [&parent.new, &parent.old].into_iter().flatten() {
            if let Some(ring) = located.ring(logical_id) {
                return Ok(Sides::NotJudged(ring.words(located, logical_id)?));
            }
        }
        let new = side(parent.new, logical_id, &input.templates);
        let old = side(parent.old, logical_id, &input.deployed_templates);
        if stays && old.is_err() {
            return Ok(Sides::Kept);
        }
        let old = old.map_err(|_| {
            format!(
                "`{logical_id}` is a nested stack, which is not judged: its running template is not beside that of the \
                 parent (`--deployed`); put it there, or check its template by itself"
            )
        });
        let sides = new.and_then(|new| Ok((new, old?)));
        let (new, old) = match sides {
            Ok(sides) => sides,
            Err(words) => return Ok(Sides::NotJudged(words)),
        };
        if let (Some(new), Some((old, _))) = (&new, &old)
            && new.0.name == old.name
        {
            return Ok(Sides::NotJudged(format!(
                "`{logical_id}` is a nested stack, which is not judged: its running template and its new one are the same \
                 file {}; put the running templates into a folder of their own",
                old.name
            )));
        }
        let new = new.map(|(file, name)| Found::of_new(file, name));
        let old = old.map(|(file, name)| Found::of_old(file, name));
        Ok(Sides::Found(Box::new((new.transpose()?, old.transpose()?))))
    }
}

/// The template of a nested stack that a template has, with its path, or why it is not judged.
fn side<'f>(
    located: Option<Located<'_>>,
    logical_id: &str,
    files: &[File<'f>],
) -> Result<Option<(File<'f>, String)>, String> {
    let has = |it: &Located<'_>| it.template.kind_of(logical_id) == Some(STACK);
    let located = located.filter(has);
    located.map(|it| it.follow(logical_id, files)).transpose()
}

/// Whether a nested stack stays as it is where its resource goes.
pub(super) fn is_kept(template: &Template, logical_id: &str) -> bool {
    let body = template.entry("Resources", logical_id);
    let policy = body.and_then(|body| body.get("DeletionPolicy")?.as_str());
    matches!(policy, Some("Retain" | "RetainExceptOnCreate"))
}

impl Found {
    fn of_new(file: File<'_>, name: String) -> Result<Self, AccountError> {
        Ok(Self {
            file: file.name.to_string(),
            name,
            template: parse_body(file, &text::json(file)?)?,
        })
    }

    fn of_old(file: File<'_>, name: String) -> Result<Self, AccountError> {
        Ok(Self {
            file: file.name.to_string(),
            name,
            template: parse_deployed(file)?,
        })
    }

    fn located<'s>(&'s self, around: &'s Option<Located<'s>>, id: &'s str) -> Located<'s> {
        Located {
            template: &self.template,
            file: &self.file,
            name: &self.name,
            within: around.as_ref().map(|around| (around, id)),
        }
    }
}

impl<'t> Parent<'t> {
    /// An outermost stack.
    pub(super) fn root(
        number: usize,
        label: Option<&str>,
        new: Option<Located<'t>>,
        old: Option<Located<'t>>,
        given: Given,
    ) -> Self {
        Self {
            number,
            root: number,
            path: String::new(),
            label: label.map(ToOwned::to_owned),
            depth: 0,
            new,
            old,
            given,
        }
    }

    /// The logical IDs of the nested stacks, in the new template or the running one.
    fn nested(&self) -> BTreeSet<&'t str> {
        let both = [self.new, self.old].into_iter().flatten();
        both.flat_map(|it| it.template.nested()).collect()
    }

    /// What is known of the parameters of a nested stack.
    fn given_to(&self, logical_id: &str, new: Option<&Found>, old: Option<&Found>) -> Given {
        let new = self.new.zip(new);
        let new = new.map(|(around, found)| (around.template, &found.template));
        let old = self.old.zip(old);
        let old = old.map(|(around, found)| (around.template, &found.template));
        self.given.of_nested(logical_id, new, old)
    }

    fn has_new(&self, logical_id: &str) -> bool {
        let new = self.new.and_then(|it| it.template.kind_of(logical_id));
        new == Some(STACK)
    }
}

impl<'t> Located<'t> {
    /// An outermost template, which lies in the folder in which all of them lie.
    pub(super) fn of(file: &'t str, template: &'t Template) -> Self {
        let name = file_name(file);
        Self {
            template,
            file,
            name,
            within: None,
        }
    }

    /// The circle of templates that a nested stack closes.
    fn ring(&self, logical_id: &str) -> Option<Ring> {
        let body = self.template.entry("Resources", logical_id);
        let body = body.filter(|_| self.template.kind_of(logical_id) == Some(STACK));
        let name = resolve(self.name, written_path(body?)?)?;
        Ring::closed(self, logical_id, &name)
    }

    /// The file of the template of a nested stack with its path, or why there is none.
    fn follow<'f>(
        &self,
        logical_id: &str,
        files: &[File<'f>],
    ) -> Result<(File<'f>, String), String> {
        let body = self.template.entry("Resources", logical_id);
        let Some(written) = body.and_then(written_path) else {
            return Err(format!(
                "`{logical_id}` is a nested stack, which is not judged: its `TemplateURL` is not the path of a file; check the \
                 template as it was before `aws cloudformation package`, or check that of the nested stack by itself"
            ));
        };
        let Some(name) = resolve(self.name, written) else {
            return Err(format!(
                "`{logical_id}` is a nested stack, which is not judged: its template `{written}` is outside the folder of \
                 the template that is checked, where no file is read; check it by itself"
            ));
        };
        let folder = self.file.strip_suffix(self.name).unwrap_or_default();
        let full = plain(&[folder, &name].concat());
        let is_it = |file: &&File<'_>| [&full, &name].contains(&&plain(file.name));
        match files.iter().find(is_it) {
            Some(file) => Ok((*file, name)),
            None => Err(format!(
                "`{logical_id}` is a nested stack, which is not judged: its template `{written}` was not found beside \
                 `{}`; put it there, or check it by itself",
                self.file
            )),
        }
    }
}

impl Template {
    /// The logical IDs of the nested stacks.
    pub(super) fn nested(&self) -> impl Iterator<Item = &str> {
        let all = self.section("Resources");
        let is_stack = |(id, _): &(&String, &Value)| self.kind_of(id) == Some(STACK);
        all.filter(is_stack).map(|(id, _)| id.as_str())
    }
}

/// The path of the template of a nested stack, as its resource has it: CDK writes it beside the address that
/// the file is to have, and before `aws cloudformation package` it stands for that.
fn written_path(body: &Value) -> Option<&str> {
    let metadata = body.get("Metadata");
    let of = |name: &str| metadata.and_then(|it| it.get(name)?.as_str());
    let is_template = of("aws:asset:property").is_none_or(|property| property == "TemplateURL");
    if let Some(path) = of("aws:asset:path").filter(|_| is_template) {
        return Some(path);
    }
    let url = body.get("Properties")?.get("TemplateURL")?.as_str()?;
    (!url.contains(':')).then_some(url)
}

/// The path from the outermost folder of a file that another one names; nothing of one outside.
fn resolve(from: &str, written: &str) -> Option<String> {
    let written = plain(written);
    if written.is_empty() || written.starts_with('/') || written.contains(':') {
        return None;
    }
    let from = plain(from);
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in written.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// A path with slashes alone.
pub(super) fn plain(path: &str) -> String {
    path.replace('\\', "/")
}

/// The name of a file without its folder.
fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The paths of the templates that the nested stacks of a template have, if these are files: relative ones, as
/// before `aws cloudformation package`, and those of an assembly of CDK. They are handed in as the templates
/// of an assembly are. `path` is that of the template itself from the folder in which all of them lie, and
/// theirs are from there; a file outside of it is not among them.
///
/// ```
/// use kms_alias_files::{File, nested_templates};
///
/// let bytes = br#"{"Resources": {
///     "Keys": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "./keys.json"}},
///     "Else": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "../../else.json"}}}}"#;
/// let names = nested_templates(File { name: "app.json", bytes }, "stacks/app.json")?;
/// assert_eq!(names, ["stacks/keys.json"]);
/// # Ok::<(), kms_alias_files::AccountError>(())
/// ```
///
/// # Errors
/// A file that is no template.
pub fn nested_templates(template: File<'_>, path: &str) -> Result<Vec<String>, AccountError> {
    let parsed = parse_body(template, &text::json(template)?)?;
    let bodies = parsed
        .nested()
        .filter_map(|id| parsed.entry("Resources", id));
    let names = bodies.filter_map(|body| resolve(path, written_path(body)?));
    let names: BTreeSet<String> = names.collect();
    Ok(names.into_iter().collect())
}
