//! What Terraform's functions and filters make of what stands in the module.

use crate::files::{lint, rows};

/// The findings of an alias with these attributes, the first of which is on line 14.
#[track_caller]
fn alias(attributes: &str, expected: &[&str]) {
    let others = "locals {\nprefix = \"alias/app\"\nnames = [\"orders\", \"pay.ments\"]\nmap = { a = { name = \"alias/a\", on = true }, b = { name = \"b\", on = false } }\nsame = [{ name = \"b\", team = \"x\" }, { name = \"alias/c\", team = \"x\" }]\n}\nvariable \"stages\" { default = [\"dev\", \"pro.d\"] }\nvariable \"set\" {\ntype = set(string)\ndefault = [\"dev\", \"pro.d\"]\n}\nvariable \"none\" { default = [] }";
    let text = format!("{others}\nresource \"aws_kms_alias\" \"a\" {{\n{attributes}\n}}\n");
    let report = lint(&[("main.tf", &text)]);
    let rows = rows(&report);
    let rows: Vec<_> = rows
        .iter()
        .map(|row| row.trim_start_matches("main.tf:"))
        .collect();
    assert_eq!(rows, expected, "{text}\n{:#?}", report.findings);
    assert_eq!(report.unread, []);
}

/// The same for what `for_each` is, with the name of each value.
#[track_caller]
fn each(collection: &str, expected: &[&str]) {
    alias(
        &format!("name = each.value\nfor_each = {collection}"),
        expected,
    );
}

#[test]
fn a_filter_that_is_known_of_each_item_is_followed_a1() {
    let of = |filter: &str| format!("{{ for k, v in local.map : k => v.name if {filter} }}");
    for filter in [
        "!v.on",
        "v.on == false",
        "v.on != true && k != \"a\"",
        "k == \"b\" || v.on",
        "contains([\"b\"], k)",
        "startswith(v.name, \"b\")",
        "!endswith(v.name, \"a\")",
        "length(v.name == \"b\" ? [1] : []) > 0",
        "lookup(v, \"off\", true)",
        "try(v.off, true)",
        "!can(v.off)",
        "upper(k) == \"B\"",
        "v.on != null",
    ] {
        each(&of(filter), &["4:60 A1"]);
    }
    for filter in [
        "v.on",
        "v.name != \"b\"",
        "k == \"c\"",
        "var.on",
        "var.on || k == \"b\"",
        "can(v.name)",
        "v.off",
        "k == 1",
    ] {
        each(&of(filter), &[]);
    }
}

#[test]
fn what_a_condition_chooses_for_an_item_is_judged_a1_a3() {
    let chosen =
        "[for n in [\"alias/x\", \"y.z\"] : startswith(n, \"alias/\") ? n : \"alias/${n}\"]";
    each(&format!("toset({chosen})"), &["15:41 A3"]);
    let chosen = "[for n in [\"alias/x\", \"y\"] : n == \"y\" ? \"${n}\" : n]";
    each(&format!("toset({chosen})"), &["15:41 A1"]);
    each(
        "toset([for n in [\"a\", \"b\"] : var.on ? n : \"alias/${n}\"])",
        &[],
    );
    // What a variable decides by its default, a run may decide otherwise.
    each(
        "toset([for n in [\"a\"] : length(var.stages) > 0 ? n : \"alias/${n}\"])",
        &[],
    );
}

#[test]
fn values_of_one_name_are_a_list_a1() {
    let grouped = "{ for v in local.same : v.team => v.name... }";
    each(
        &format!("{{ for k, v in {grouped} : k => v[0] }}"),
        &["5:19 A1"],
    );
    each(&format!("{{ for k, v in {grouped} : k => v[1] }}"), &[]);
    each("{ for v in var.unknown : v.team => v.name... }", &[]);
}

#[test]
fn functions_that_make_collections_are_followed_a1_a3() {
    for (collection, expected) in [
        // Products of lists, item by item.
        (
            "toset([for p in setproduct([\"alias/a\"], [\"x\", \"y.z\"]) : join(\"-\", p)])",
            vec!["15:59 A3"],
        ),
        (
            "toset([for p in setproduct(local.names, [\"x\"]) : \"alias/${p[0]}-${p[1]}\"])",
            vec!["3:21 A3"],
        ),
        (
            "toset([for p in setproduct(local.names, var.x) : p[0]])",
            vec![],
        ),
        (
            "zipmap([\"a\", \"b\"], [\"alias/a\", \"b\"])",
            vec!["15:44 A1"],
        ),
        ("zipmap([\"a\", \"b\"], [\"b\"])", vec![]),
        (
            "toset(flatten([[\"alias/a\"], [[local.names[1]], \"alias/b\"]]))",
            vec!["3:21 A1"],
        ),
        (
            "toset(flatten([local.names, [\"alias/a\"]]))",
            vec!["3:11 A1", "3:21 A1"],
        ),
        ("toset(flatten([local.names, var.more]))", vec![]),
        (
            "toset(concat(local.names, [\"alias/a\"]))",
            vec!["3:11 A1", "3:21 A1"],
        ),
        ("toset(reverse(local.names))", vec!["3:11 A1", "3:21 A1"]),
        (
            "toset(formatlist(\"alias/%s\", local.names))",
            vec!["3:21 A3"],
        ),
        (
            "toset(formatlist(\"%s/%s\", local.prefix, local.names))",
            vec!["3:21 A3"],
        ),
        ("toset(formatlist(\"alias/%s\", var.more))", vec![]),
        ("toset(split(\",\", \"alias/a,b\"))", vec!["15:30 A1"]),
        (
            "toset([for i in range(2) : format(\"alias/%02d.\", i)])",
            vec!["15:47 A3"],
        ),
        (
            "toset([for i in range(2000) : format(\"alias/%02d.\", i)])",
            vec![],
        ),
        (
            "merge({ a = \"b\" }, { for n in [\"x\"] : n => \"alias/${n}\" })",
            vec!["15:25 A1"],
        ),
        (
            "merge([for n in [\"x\"] : { \"${n}-key\" = \"b\", (n) = \"alias/x\" }]...)",
            vec!["15:52 A1"],
        ),
        ("tomap({ a = \"b\" })", vec!["15:25 A1"]),
        (
            "toset([for v in values(local.map) : v.name])",
            vec!["4:60 A1"],
        ),
    ] {
        each(collection, &expected);
    }
}

#[test]
fn names_put_together_of_locals_are_known_a3() {
    each(
        "toset([for n in local.names : \"${local.prefix}-${n}\"])",
        &["3:21 A3"],
    );
    each(
        "{ for n in local.names : \"${local.prefix}-${n}\" => n if n != \"orders\" }",
        &["3:21 A1"],
    );
    let unknown = "toset([for n in local.names : \"${local.unknown}-${n}\"])";
    each(unknown, &["3:21 A3"]);
}

#[test]
fn loops_over_the_default_of_a_variable_are_followed_a1_a3() {
    each(
        "toset([for n in var.stages : \"alias/${n}\"])",
        &["7:40 A3"],
    );
    // A default without items stands for what callers give.
    each("{ for i, n in var.set : i => n if i == 0 }", &[]);
    each(
        "{ for i, n in var.set : i => n if i == \"dev\" }",
        &["10:13 A1"],
    );
    each("{ for n in concat([\"b\"], var.none) : n => n }", &[]);
    // The key of an item of a set is the item.
    each(
        "{ for i, n in var.set : i => \"alias/${i}\" }",
        &["10:20 A3"],
    );
    alias(
        "name = each.value\nfor_each = toset([for n in var.stages : n])\ncount = var.stages == null ? 0 : 1",
        &[],
    );
}

#[test]
fn what_is_known_of_a_collection_is_judged_whatever_the_rest_is_a1() {
    each("toset(concat([\"b\"], var.none))", &["15:27 A1"]);
    each("toset(concat(var.x, [\"alias/b\", \"c\"]))", &["15:45 A1"]);
    each("toset(concat(var.x, var.y))", &[]);
    each("merge(var.x, { a = \"b\" })", &["15:32 A1"]);
    alias("name = \"b\"\nfor_each = merge({}, {})", &[]);
    alias("name = \"b\"\nfor_each = merge(var.x, {})", &["14:9 A1"]);
    // What comes later may have another value for the name.
    each("merge({ a = \"b\" }, var.x)", &[]);
    each("merge({ a = \"b\" }, var.x, { a = \"alias/b\" })", &[]);
}

#[test]
fn functions_of_texts_are_followed_a1_a3_a4() {
    for (value, expected) in [
        ("lower(\"Alias/ORDERS.X\")", vec!["14:15 A3"]),
        ("lower(\"ALIAS/orders\")", vec![]),
        ("lower(\"ALIAS/${var.x}.y\")", vec!["14:15 A3"]),
        ("upper(\"alias/x\")", vec!["14:15 A1"]),
        ("upper(local.prefix)", vec!["14:14 A1"]),
        ("lower(\"ALIAS/É\")", vec![]),
        ("trimprefix(\"alias/x\", \"alias/\")", vec!["14:20 A1"]),
        ("trimprefix(\"alias/${var.x}\", \"alias/\")", vec![]),
        ("trimprefix(\"alias/a.${var.x}\", \"x\")", vec!["14:20 A3"]),
        ("trimprefix(\"${var.x}/a.\", \"x\")", vec![]),
        ("trimsuffix(\"alias/x.\", \".\")", vec![]),
        ("trimsuffix(\"alias/x.\", \"x\")", vec!["14:20 A3"]),
        ("trimsuffix(\"alias/x.${var.y}\", \"y\")", vec![]),
        ("trimspace(\" orders \")", vec!["14:19 A1"]),
        ("replace(\"alias/a.b\", \".\", \"-\")", vec![]),
        ("replace(\"alias/a-b\", \"-\", \".\")", vec!["14:17 A3"]),
        ("replace(\"alias/a.b\", \"/[.]/\", \"-\")", vec![]),
        ("replace(\"alias/${var.x}.b\", \".\", \"-\")", vec![]),
        ("replace(local.names[1], \".\", \"-\")", vec!["14:16 A1"]),
        ("format(\"alias/%s.%d\", var.x, 3)", vec!["14:16 A3"]),
        ("format(\"alias/%03d%%\", 7)", vec!["14:16 A3"]),
        ("format(\"alias/%5.2f\", 7)", vec![]),
        ("format(\"%s\", \"orders\", \"more\")", vec![]),
        ("join(\"/\", local.names)", vec!["14:18 A1"]),
        ("element(local.names, 3)", vec!["3:21 A1"]),
        ("element([\"alias/a\", \"b\"], 2)", vec![]),
        ("element(local.names, var.x)", vec![]),
        (
            "element(concat([\"alias/a\"], local.names), 1)",
            vec!["3:11 A1"],
        ),
        ("true ? \"orders\" : \"alias/a\"", vec!["14:16 A1"]),
        ("false ? \"orders\" : \"alias/a\"", vec![]),
        // One side may decide alone.
        ("var.x && false ? \"orders\" : \"alias/a\"", vec![]),
        ("true || var.x ? \"alias/a\" : \"orders\"", vec![]),
        ("var.x && true ? \"orders\" : \"alias/a\"", vec!["14:25 A1"]),
        // A text is made to what a condition has to be.
        ("\"true\" ? \"alias/a\" : \"orders\"", vec![]),
        ("!\"0\" ? \"orders\" : \"alias/a\"", vec!["14:16 A1"]),
        ("\"no\" ? \"orders\" : \"alias/a\"", vec!["14:16 A1"]),
    ] {
        alias(&format!("name = {value}"), &expected);
    }
}

#[test]
fn a_number_is_the_text_that_terraform_makes_of_it_a3() {
    for (number, expected) in [
        ("1.0", None),
        ("2e0", None),
        ("15e29", None),
        ("1.50", Some("A3")),
    ] {
        let json = format!(
            r#"{{"variable": {{"v": {{"default": {number}}}}}, "resource": {{"aws_kms_alias": {{"a": {{"name": "alias/${{var.v}}"}}}}}}}}"#
        );
        let hcl = format!(
            "locals {{\n  v = {number}\n}}\nresource \"aws_kms_alias\" \"a\" {{\n  name = \"alias/${{local.v}}\"\n}}\n"
        );
        for (path, text) in [("main.tf.json", &json), ("main.tf", &hcl)] {
            let report = lint(&[(path, text)]);
            let rules = report.findings.iter().map(|own| own.rule.number());
            assert!(rules.eq(expected), "{path} {number} {:#?}", report.findings);
            assert_eq!(report.unread, []);
        }
    }
}

#[test]
fn a_module_of_many_small_functions_leaves_enough_for_its_loops_a3() {
    let tags: String = (0..6_000)
        .map(|at| format!("resource \"aws_sqs_queue\" \"q{at}\" {{\n  tags = merge(local.tags, {{ Name = \"q{at}\" }})\n}}\n"))
        .collect();
    let text = format!(
        "locals {{ tags = {{ a = \"x\", b = \"y\", c = \"z\" }} }}\n{tags}resource \"aws_kms_alias\" \"a\" {{\n  for_each = toset([for n in [\"a.b\"] : n])\n  name = \"alias/${{each.key}}\"\n}}\n"
    );
    assert_eq!(rows(&lint(&[("main.tf", &text)])), ["main.tf:18003:32 A3"]);
}

#[test]
fn products_that_multiply_are_given_up() {
    let items = vec!["\"a\""; 300].join(", ");
    let product = format!("setproduct([{items}], [{items}], [{items}])");
    each(&format!("toset([for p in {product} : p[0]])"), &[]);
    // An item of many parts that a turn has many times.
    let part = vec!["v"; 3000].join(", ");
    each(
        &format!("toset(flatten([for v in [[{items}]] : [{part}]]))"),
        &[],
    );
}

#[test]
fn the_value_of_a_variable_is_made_to_its_type_a1_a3() {
    let of = |kind: &str, default: &str, name: &str| {
        let text = format!(
            "variable \"v\" {{\n  type = {kind}\n  default = {default}\n}}\nresource \"aws_kms_alias\" \"a\" {{\n  name = {name}\n}}\n"
        );
        rows(&lint(&[("main.tf", &text)]))
    };
    let in_text = "\"alias/${var.v}\"";
    assert_eq!(of("number", "\"1.0\"", in_text), [""; 0]);
    assert_eq!(of("number", "\"1.5\"", in_text), ["main.tf:6:11 A3"]);
    assert_eq!(of("string", "\"1.0\"", in_text), ["main.tf:6:11 A3"]);
    assert_eq!(of("any", "\"1.0\"", in_text), ["main.tf:6:11 A3"]);
    let numbers = "\"alias/${var.v[0]}\"";
    assert_eq!(of("list(number)", "[\"1.0\"]", numbers), [""; 0]);
    assert_eq!(
        of("list(string)", "[\"1.0\"]", numbers),
        ["main.tf:6:11 A3"]
    );
    let pair = "tuple([number, string])";
    assert_eq!(of(pair, "[\"1.0\", \"2.0\"]", numbers), [""; 0]);
    let second = "\"alias/${var.v[1]}\"";
    assert_eq!(of(pair, "[\"1.0\", \"2.0\"]", second), ["main.tf:6:11 A3"]);
    let member = "\"alias/${var.v.a.n}\"";
    let objects = "map(object({ n = optional(number) }))";
    assert_eq!(of(objects, "{ a = { n = \"1.0\" } }", member), [""; 0]);
    let dropped = "{ a = { n = 1, old = \"b\" } }";
    assert_eq!(
        of(objects, dropped, "try(var.v.a.old, \"alias/a\")"),
        [""; 0]
    );
    assert_eq!(
        of("any", dropped, "try(var.v.a.old, \"alias/a\")"),
        ["main.tf:3:35 A1"]
    );
    let joined = "join(\"\", var.v)";
    let items = "[\"x\", \"alias/\", \"x\"]";
    assert_eq!(of("set(string)", items, joined), [""; 0]);
    assert_eq!(of("list(string)", items, joined), ["main.tf:6:19 A1"]);
    let each = |own: &str| {
        let text = format!(
            "variable \"v\" {{\n  type    = {own}\n  default = [\"alias/a\", \"b\"]\n}}\nresource \"aws_kms_alias\" \"a\" {{\n  for_each = var.v\n  name     = each.value\n}}\n"
        );
        rows(&lint(&[("main.tf", &text)]))
    };
    assert_eq!(each("set(string)"), ["main.tf:3:26 A1"]);
    assert_eq!(each("\"set(string)\""), ["main.tf:3:26 A1"]);
    assert_eq!(each("set(any)"), ["main.tf:3:26 A1"]);
    let json = r#"{"variable": {"v": {"type": "number", "default": "1.0"}}, "resource": {"aws_kms_alias": {"a": {"name": "alias/${var.v}"}}}}"#;
    assert_eq!(rows(&lint(&[("main.tf.json", json)])), [""; 0]);
    let main = "variable \"v\" {\n  type = number\n}\nresource \"aws_kms_alias\" \"a\" {\n  name = \"alias/${var.v}\"\n}\n";
    let values = |text| rows(&lint(&[("main.tf", main), ("terraform.tfvars", text)]));
    assert_eq!(values("v = \"1.0\"\n"), [""; 0]);
    assert_eq!(values("v = \"1.5\"\n"), ["main.tf:5:11 A3"]);
}

#[test]
fn a_range_to_a_lower_number_counts_downwards_a1() {
    let empty = |range: &str| format!("name = length({range}) == 0 ? \"b\" : \"alias/b\"");
    for range in [
        "range(3, 1)",
        "range(-2)",
        "range(3, 1, -1)",
        "range(1, 3, 5)",
    ] {
        alias(&empty(range), &[]);
    }
    for range in ["range(3, 3)", "range(0)", "range(3, 3, -1)"] {
        alias(&empty(range), &[&*format!("14:{} A1", range.len() + 25)]);
    }
    each(
        "{ for i in range(5, 1, -2) : i => i == 3 ? \"b\" : \"alias/b\" }",
        &["15:56 A1"],
    );
    each(
        "{ for i in range(5, 1, -2) : i => i == 1 ? \"b\" : \"alias/b\" }",
        &[],
    );
    // Terraform refuses what never ends.
    for range in ["range(1, 5, -2)", "range(5, 1, 2)", "range(1, 5, 0)"] {
        each(&format!("{{ for i in {range} : i => \"b\" }}"), &[]);
    }
}
