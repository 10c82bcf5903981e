//! The reader of YAML, over the events of a parser that does not recurse.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use kms_alias_yaml::{Deepened, Stop, intrinsic};
use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use crate::json::Fault;
use crate::text::Text;
use crate::tree::{MOST_NESTED, Member, Node, Value};
use crate::written::{Writing, exact, may_hold_a_policy};

/// How many nodes the aliases of a file may stand for.
const MOST_REPEATED: usize = 200_000;

/// Reads the documents of a file.
///
/// A short form such as `!Ref Name` is read as the map that it stands for, an alias as what its
/// anchor names, and a merge key (`<<`) as the members that it brings.
pub(crate) fn read(text: &str) -> Result<Vec<Node>, Fault> {
    kms_alias_yaml::read(text, |text| {
        let mut documents = documents(text)?;
        let places = |document: &mut Node| document.move_places(&|at| text.place(at));
        documents.iter_mut().for_each(places);
        Ok(documents)
    })
}

/// Reads the documents of a text; their places are those of the text to be parsed.
fn documents(text: &Deepened<'_>) -> Result<Vec<Node>, Stop<Fault>> {
    let written = |fault: Fault| Fault {
        at: text.place(fault.at),
        ..fault
    };
    let mut reader = Reader::new(text.as_str());
    for event in Parser::new_from_str(text.as_str()) {
        match event {
            Ok((event, span)) => reader.take(event, span).map_err(written)?,
            Err(error) => {
                let at = reader.offsets.byte(error.marker().index());
                if error.info().contains("recursion limit") {
                    return Err(written(Fault::too_deep(at)).into());
                }
                let fault = Fault::new(at, format!("not YAML: {}", error.info()));
                return Err(Stop::of(&error, text, written(fault)));
            }
        }
    }
    Ok(reader.documents)
}

/// A collection that is not yet at its end.
struct Open {
    start: usize,
    anchor: usize,
    tag: Option<String>,
    children: Children,
}

enum Children {
    List(Vec<Node>),
    Map {
        members: Vec<Member>,
        /// The name whose value comes next.
        name: Option<(String, Range<usize>)>,
    },
}

struct Reader<'a> {
    text: &'a str,
    offsets: Offsets,
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    /// How many nodes were copied for anchors and aliases.
    repeated: usize,
    documents: Vec<Node>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            offsets: Offsets::new(text),
            open: Vec::new(),
            anchors: HashMap::new(),
            repeated: 0,
            documents: Vec::new(),
        }
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Fault> {
        let start = self.offsets.byte(span.start.index());
        let end = self.offsets.byte(span.end.index()).max(start);
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let at = self.content(start..end, style);
                let node = self.scalar(&value, style, at);
                self.finish(node, anchor, tag.as_deref().and_then(intrinsic))
            }
            Event::SequenceStart(anchor, tag) => {
                self.begin(start, anchor, tag.as_deref(), Children::List(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                let (members, name) = (Vec::new(), None);
                self.begin(
                    start,
                    anchor,
                    tag.as_deref(),
                    Children::Map { members, name },
                )
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(end),
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor).cloned();
                let node = node.unwrap_or(Node::new(Value::Unknown, start..end));
                self.count(&node, start)?;
                self.finish(node, 0, None)
            }
            Event::DocumentStart(_) => {
                self.anchors.clear();
                Ok(())
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
        }
    }

    fn begin(
        &mut self,
        start: usize,
        anchor: usize,
        tag: Option<&Tag>,
        children: Children,
    ) -> Result<(), Fault> {
        if self.open.len() >= MOST_NESTED {
            return Err(Fault::too_deep(start));
        }
        let tag = tag.and_then(intrinsic);
        self.open.push(Open {
            start,
            anchor,
            tag,
            children,
        });
        Ok(())
    }

    fn end(&mut self, end: usize) -> Result<(), Fault> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let value = match open.children {
            Children::List(items) => Value::List(items),
            Children::Map { members, .. } => Value::Map(merged(members)),
        };
        let node = Node::new(value, open.start..end.max(open.start));
        self.finish(node, open.anchor, open.tag)
    }

    /// A node is whole: it goes into the collection that is open.
    fn finish(&mut self, node: Node, anchor: usize, tag: Option<String>) -> Result<(), Fault> {
        let node = match tag {
            None => node,
            Some(name) => {
                let at = node.at.clone();
                let name_at = at.clone();
                Node::new(
                    Value::Map(vec![Member {
                        name,
                        name_at,
                        node,
                    }]),
                    at,
                )
            }
        };
        if anchor != 0 {
            self.count(&node, node.at.start)?;
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut().map(|open| &mut open.children) {
            None => self.documents.push(node),
            Some(Children::List(items)) => items.push(node),
            Some(Children::Map { members, name }) => match name.take() {
                None => *name = Some(name_of(&node)),
                Some((name, name_at)) => members.push(Member {
                    name,
                    name_at,
                    node,
                }),
            },
        }
        Ok(())
    }

    /// Bounds what anchors and aliases multiply.
    fn count(&mut self, node: &Node, at: usize) -> Result<(), Fault> {
        self.repeated = self.repeated.saturating_add(size(node));
        if self.repeated > MOST_REPEATED {
            let reason = format!(
                "the anchors and aliases of the file stand for more than {MOST_REPEATED} values, \
                 so it is not checked"
            );
            return Err(Fault::new(at, reason));
        }
        Ok(())
    }

    /// Where the content of a scalar stands: behind its quote, or on the line below its header.
    fn content(&self, at: Range<usize>, style: ScalarStyle) -> Range<usize> {
        let at = self.without_properties(at);
        match style {
            ScalarStyle::Plain => at,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                at.start.saturating_add(1)..at.end.saturating_sub(1).max(at.start)
            }
            ScalarStyle::Literal | ScalarStyle::Folded => self.block(at),
        }
    }

    /// The place of a scalar without the tag and the anchor before it.
    fn without_properties(&self, at: Range<usize>) -> Range<usize> {
        let whole = self.text.get(at.clone()).unwrap_or_default();
        let mut text = whole;
        while text.starts_with(['!', '&']) {
            let property = text.find(char::is_whitespace).unwrap_or(text.len());
            text = text.get(property..).unwrap_or_default().trim_start();
        }
        let skipped = whole.len().saturating_sub(text.len());
        at.start.saturating_add(skipped)..at.end
    }

    fn scalar(&self, value: &str, style: ScalarStyle, at: Range<usize>) -> Node {
        let is_null = matches!(value, "" | "~" | "null" | "Null" | "NULL");
        if style == ScalarStyle::Plain && is_null {
            return Node::new(Value::Plain("null".to_owned()), at);
        }
        let writing = match style {
            ScalarStyle::DoubleQuoted => Writing::Escaped,
            ScalarStyle::SingleQuoted => Writing::SingleQuoted,
            ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => Writing::Plain,
        };
        let exact = may_hold_a_policy(value)
            .then(|| exact(value, self.text, at.clone(), writing))
            .flatten();
        let text = exact.unwrap_or_else(|| Text::literal(value, at.clone()));
        Node::new(Value::Text(text), at)
    }

    fn block(&self, at: Range<usize>) -> Range<usize> {
        let text = self.text.get(at.clone()).unwrap_or_default();
        let is_header = text.starts_with(['|', '>']);
        let header = if is_header { text.find('\n') } else { None };
        let below = header.map_or(0, |header| header.saturating_add(1));
        let rest = text.get(below..).unwrap_or_default();
        let blank = rest.len().saturating_sub(rest.trim_start().len());
        let start = at.start.saturating_add(below).saturating_add(blank);
        start.min(at.end)..at.end
    }
}

/// The name that a node is, as the key of a map.
fn name_of(node: &Node) -> (String, Range<usize>) {
    let name = match &node.value {
        Value::Text(text) => text.as_str().to_owned(),
        Value::Plain(plain) => plain.clone(),
        Value::List(_) | Value::Map(_) | Value::Unknown => String::new(),
    };
    (name, node.at.clone())
}

/// Members with what merge keys bring before them, so that the map's own win.
fn merged(members: Vec<Member>) -> Vec<Member> {
    if members.iter().all(|member| member.name != "<<") {
        return members;
    }
    let (merges, own): (Vec<_>, Vec<_>) =
        members.into_iter().partition(|member| member.name == "<<");
    let mut brought = Vec::new();
    for merge in merges {
        match merge.node.value {
            Value::Map(members) => brought.extend(members),
            Value::List(items) => {
                // The first map of a list wins.
                let maps = items.into_iter().rev().map(|item| item.value);
                brought.extend(maps.flat_map(|value| match value {
                    Value::Map(members) => members,
                    _ => Vec::new(),
                }));
            }
            _ => {}
        }
    }
    // Each name once: what the own members and later maps do not have themselves.
    let mut names: HashSet<String> = own.iter().map(|member| member.name.clone()).collect();
    let mut all: Vec<Member> = brought.into_iter().rev().collect();
    all.retain(|member| names.insert(member.name.clone()));
    all.reverse();
    all.extend(own);
    all
}

/// How many nodes a tree has. Its depth is bounded.
fn size(node: &Node) -> usize {
    let children: usize = match &node.value {
        Value::List(items) => items.iter().map(size).sum(),
        Value::Map(members) => members.iter().map(|member| size(&member.node)).sum(),
        _ => 0,
    };
    children.saturating_add(1)
}

/// From the index of a character to that of its byte.
struct Offsets {
    length: usize,
    /// The byte of every character, or nothing where each is one byte.
    bytes: Vec<usize>,
}

impl Offsets {
    fn new(text: &str) -> Self {
        let bytes = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().map(|(byte, _)| byte).collect()
        };
        let length = text.len();
        Self { length, bytes }
    }

    fn byte(&self, character: usize) -> usize {
        if self.bytes.is_empty() {
            return character.min(self.length);
        }
        self.bytes.get(character).copied().unwrap_or(self.length)
    }
}
