//! The configuration of a plan: its modules, its resources, and what each depends on.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::{OnceCell, RefCell};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::address::{Address, Segment, join, longest, segments};
use super::plan::{Expression, Module, ModuleCall, Resource, Text, Variable};
use super::values::member;

/// The modules and resources of a configuration, each by its path.
#[derive(Default)]
pub(super) struct Tree<'p, 'a> {
    modules: BTreeMap<String, ModuleNode<'p, 'a>>,
    pub(super) resources: Vec<Node<'p, 'a>>,
    /// The values of the variables of the root module.
    pub(super) variables: Option<&'p BTreeMap<Text<'a>, Variable<'a>>>,
    by_path: BTreeMap<String, usize>,
    /// The values of variables that were looked up, by the places of the expressions that have them.
    values: RefCell<BTreeMap<usize, Option<&'a RawValue>>>,
    /// For each resource those on which it depends directly, once that was asked for.
    dependencies: OnceCell<Vec<Vec<usize>>>,
}

/// A module and the call that makes it; the root has none.
pub(super) struct ModuleNode<'p, 'a> {
    pub(super) module: &'p Module<'a>,
    pub(super) call: Option<&'p ModuleCall<'a>>,
    /// The path of the module that calls it.
    pub(super) parent: String,
}

/// A resource.
pub(super) struct Node<'p, 'a> {
    pub(super) resource: &'p Resource<'a>,
    /// The path of its module.
    pub(super) module: String,
}

impl<'p, 'a> Tree<'p, 'a> {
    pub(super) fn of(root: &'p Module<'a>) -> Self {
        let mut tree = Self::default();
        // What is open is kept here, so that no depth is too deep.
        let mut open = Vec::from([(String::new(), String::new(), root, None)]);
        while let Some((path, parent, module, call)) = open.pop() {
            for (name, call) in &module.module_calls {
                if let Some(inner) = &call.module {
                    let inner_path = join(&path, &["module.", name].concat());
                    open.push((inner_path, path.clone(), inner, Some(call)));
                }
            }
            for resource in &module.resources {
                let name = Address::parse(&resource.address).resource;
                tree.by_path
                    .insert(join(&path, &name), tree.resources.len());
                tree.resources.push(Node {
                    resource,
                    module: path.clone(),
                });
            }
            tree.modules.insert(
                path,
                ModuleNode {
                    module,
                    call,
                    parent,
                },
            );
        }
        tree
    }

    pub(super) fn module(&self, path: &str) -> Option<&ModuleNode<'p, 'a>> {
        self.modules.get(path)
    }

    /// The number of the resource of this path.
    pub(super) fn number(&self, path: &str) -> Option<usize> {
        self.by_path.get(path).copied()
    }

    pub(super) fn resource(&self, path: &str) -> Option<&'p Resource<'a>> {
        let node = self.resources.get(self.number(path)?)?;
        Some(node.resource)
    }

    /// The value of the one variable, or of the member of it, that an expression in a module refers to, if it refers
    /// to nothing else and the plan tells the value.
    pub(super) fn variable_of(&self, module: &str, raw: &'a RawValue) -> Option<&'a RawValue> {
        // What is written here stands in one module only.
        let place = raw.get().as_ptr() as usize;
        if let Some(known) = self.values.borrow().get(&place) {
            return *known;
        }
        let found = self.value_of(module, raw, DEEPEST);
        self.values.borrow_mut().insert(place, found);
        found
    }

    fn value_of(&self, module: &str, raw: &'a RawValue, depth: usize) -> Option<&'a RawValue> {
        let Read {
            constant_value,
            references,
        } = serde_json::from_str(raw.get()).ok()?;
        if constant_value.is_some() {
            return constant_value;
        }
        let references: Vec<String> = references.iter().map(ToString::to_string).collect();
        match longest(&references).as_slice() {
            [one] => self.variable(module, one, depth),
            _ => None,
        }
    }

    /// The value of the variable of a module, or of the member of it, that a reference names.
    pub(super) fn variable(
        &self,
        module: &str,
        reference: &str,
        depth: usize,
    ) -> Option<&'a RawValue> {
        let depth = depth.checked_sub(1)?;
        let segments = segments(reference);
        let [Segment { name: "var", .. }, path @ ..] = segments.as_slice() else {
            return None;
        };
        let name = path.first()?.name;
        let node = self.module(module)?;
        let whole = match node.call {
            None => self.variables?.get(name)?.value,
            Some(call) => match call.expressions.get(name) {
                None => node.module.variables.get(name)?.default,
                Some(handed) => self.value_of(&node.parent, handed, depth),
            },
        };
        member(whole?, path)
    }

    /// For each resource the numbers of those on which it depends directly.
    pub(super) fn dependencies(&self) -> &[Vec<usize>] {
        self.dependencies.get_or_init(|| {
            let mut reach = Reach {
                tree: self,
                memory: BTreeMap::new(),
            };
            let each = self.resources.iter();
            each.map(|node| reach.of_resource(node)).collect()
        })
    }

    /// The resources on which that of a path depends directly, by their numbers.
    pub(super) fn dependencies_of(&self, path: &str) -> &[usize] {
        let number = self.number(path);
        let of_number = number.and_then(|number| self.dependencies().get(number));
        of_number.map_or(&[], Vec::as_slice)
    }
}

/// What an expression refers to, or its value.
#[derive(Deserialize)]
struct Read<'a> {
    #[serde(borrow)]
    constant_value: Option<&'a RawValue>,
    #[serde(borrow, default)]
    references: Vec<Text<'a>>,
}

/// References followed to resources, through variables and outputs.
struct Reach<'t, 'p, 'a> {
    tree: &'t Tree<'p, 'a>,
    /// What a variable or an output of a module was found to refer to.
    memory: BTreeMap<(String, String), BTreeSet<usize>>,
}

/// As many modules may a value pass through.
pub(super) const DEEPEST: usize = 60;

impl Reach<'_, '_, '_> {
    fn of_resource(&mut self, node: &Node<'_, '_>) -> Vec<usize> {
        let resource = node.resource;
        let mut found = BTreeSet::new();
        let expressions = [
            resource.expressions,
            resource.count_expression,
            resource.for_each_expression,
        ];
        for raw in expressions.into_iter().flatten() {
            self.of_expression(&node.module, raw, &mut found, DEEPEST);
        }
        let depends_on: Vec<String> = resource
            .depends_on
            .iter()
            .map(ToString::to_string)
            .collect();
        self.of_references(&node.module, &depends_on, &mut found, DEEPEST);
        found.extend(self.of_calls(&node.module));
        found.into_iter().collect()
    }

    /// What the calls of a module and of those around it depend on, each resource in them too.
    fn of_calls(&mut self, module: &str) -> BTreeSet<usize> {
        let key = (module.to_string(), String::new());
        if let Some(known) = self.memory.get(&key) {
            return known.clone();
        }
        let mut found = BTreeSet::new();
        let mut path = module.to_string();
        for _ in 0..DEEPEST {
            let Some(node) = self.tree.module(&path) else {
                break;
            };
            let Some(call) = node.call else { break };
            let parent = node.parent.clone();
            let depends_on: Vec<String> = call.depends_on.iter().map(ToString::to_string).collect();
            self.of_references(&parent, &depends_on, &mut found, DEEPEST);
            for raw in [call.count_expression, call.for_each_expression]
                .into_iter()
                .flatten()
            {
                self.of_expression(&parent, raw, &mut found, DEEPEST);
            }
            path = parent;
        }
        self.memory.insert(key, found.clone());
        found
    }

    fn of_expression(
        &mut self,
        module: &str,
        raw: &RawValue,
        found: &mut BTreeSet<usize>,
        depth: usize,
    ) {
        let references = Expression::of(raw).references;
        self.of_references(module, &references, found, depth);
    }

    fn of_references(
        &mut self,
        module: &str,
        references: &[String],
        found: &mut BTreeSet<usize>,
        depth: usize,
    ) {
        let Some(depth) = depth.checked_sub(1) else {
            return;
        };
        for reference in longest(references) {
            let segments = segments(reference);
            match segments.as_slice() {
                [Segment { name: "var", .. }, variable, ..] => {
                    found.extend(self.of_variable(module, variable.name, depth));
                }
                [Segment { name: "module", .. }, call, rest @ ..] => {
                    let inner = join(module, &["module.", call.name].concat());
                    match rest.first() {
                        Some(output) => found.extend(self.of_output(&inner, output.name, depth)),
                        None => found.extend(self.all_of(&inner)),
                    }
                }
                _ => {
                    let path = join(module, &Address::of(&segments).resource);
                    found.extend(self.tree.number(&path));
                }
            }
        }
    }

    fn of_variable(&mut self, module: &str, name: &str, depth: usize) -> BTreeSet<usize> {
        let key = (module.to_string(), ["var.", name].concat());
        if let Some(known) = self.memory.get(&key) {
            return known.clone();
        }
        let mut found = BTreeSet::new();
        if let Some(node) = self.tree.module(module)
            && let Some(raw) = node.call.and_then(|call| call.expressions.get(name))
        {
            let parent = node.parent.clone();
            self.of_expression(&parent, raw, &mut found, depth);
        }
        self.memory.insert(key, found.clone());
        found
    }

    fn of_output(&mut self, module: &str, name: &str, depth: usize) -> BTreeSet<usize> {
        let key = (module.to_string(), ["output.", name].concat());
        if let Some(known) = self.memory.get(&key) {
            return known.clone();
        }
        let mut found = BTreeSet::new();
        let node = self.tree.module(module);
        if let Some(output) = node.and_then(|node| node.module.outputs.get(name)) {
            let depends_on: Vec<String> =
                output.depends_on.iter().map(ToString::to_string).collect();
            self.of_references(module, &depends_on, &mut found, depth);
            if let Some(raw) = output.expression {
                self.of_expression(module, raw, &mut found, depth);
            }
        }
        self.memory.insert(key, found.clone());
        found
    }

    /// Every resource of a module and of those in it.
    fn all_of(&self, module: &str) -> Vec<usize> {
        let inside = |path: &str| {
            path.strip_prefix(module)
                .is_some_and(|rest| rest.starts_with('.'))
        };
        let paths = self.tree.by_path.range(module.to_string()..);
        let paths = paths.take_while(|(path, _)| path.starts_with(module));
        paths
            .filter(|(path, _)| inside(path))
            .map(|(_, number)| *number)
            .collect()
    }
}
