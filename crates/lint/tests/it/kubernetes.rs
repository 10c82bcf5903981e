//! The aliases of ACK, Crossplane and Upbound.

use crate::files::{lint, rows};

#[track_caller]
fn finds(text: &str, expected: &[&str]) {
    let report = lint(&[("k.yaml", text)]);
    assert_eq!(rows(&report), expected, "{:#?}", report.findings);
    assert_eq!(report.unread, []);
}

#[test]
fn crossplane_always_adds_the_prefix() {
    let text = |name: &str| {
        format!(
            "apiVersion: kms.aws.crossplane.io/v1alpha1\nkind: Alias\nmetadata:\n  name: {name}\nspec:\n  forProvider: {{region: eu-west-1}}\n"
        )
    };
    finds(&text("orders"), &[]);
    finds(&text("orders.v2"), &["k.yaml:4:9 A3"]);
    finds(&text("aws/orders"), &["k.yaml:4:9 A4"]);
    finds(
        &text("orders\n  annotations: {crossplane.io/external-name: alias/aws/x}"),
        &[],
    );
    finds(
        &text("orders.v2\n  annotations: {crossplane.io/external-name: orders}"),
        &[],
    );
}

#[test]
fn upbound_adds_the_prefix_where_it_is_missing() {
    let text = |name: &str| {
        format!(
            "apiVersion: kms.aws.upbound.io/v1beta1\nkind: Alias\nmetadata:\n  name: x\n  annotations:\n    crossplane.io/external-name: {name}\n"
        )
    };
    finds(&text("orders"), &[]);
    finds(&text("aws/orders"), &["k.yaml:6:34 A4"]);
    finds(&text("alias/aws/orders"), &["k.yaml:6:34 A4"]);
    finds(&text("${cluster}"), &[]);
    finds(&text("${cluster}.x"), &["k.yaml:6:34 A3"]);
    finds(&text("\"{{ .Values.name }}\""), &[]);
}

#[test]
fn an_empty_name_is_judged_where_no_other_takes_its_place_a2() {
    let ack = "apiVersion: kms.services.k8s.aws/v1alpha1\nkind: Alias\nspec: {name: \"\"}\n";
    finds(ack, &["k.yaml:3:15 A2"]);
    finds(&ack.replace("\"\"", "null"), &[]);
    let upbound = "apiVersion: kms.aws.upbound.io/v1beta1\nkind: Alias\nmetadata:\n  name: orders\n  annotations: {crossplane.io/external-name: \"\"}\n";
    finds(upbound, &[]);
    finds(&upbound.replace("orders", "\"\""), &[]);
}

#[test]
fn the_region_of_a_provider_is_compared_with_that_of_the_key() {
    let text = "apiVersion: kms.aws.crossplane.io/v1alpha1\nkind: Alias\nmetadata: {name: a}\nspec:\n  forProvider:\n    region: eu-west-1\n    targetKeyId: arn:aws:kms:us-east-1:210987654321:key/5f0c2a9e-7b31-4d68-9a4e-c1d2e3f4a5b6\n";
    finds(text, &["k.yaml:7:18 T2"]);
    finds(&text.replace("region: eu-west-1", "region: ${region}"), &[]);
}

#[test]
fn json_manifests_are_read_as_well() {
    let text = r#"{"apiVersion": "kms.services.k8s.aws/v1alpha1", "kind": "Alias", "spec": {"name": "a b"}}"#;
    assert_eq!(rows(&lint(&[("k.json", text)])), ["k.json:1:84 A3"]);
}

#[test]
fn what_a_patch_writes_to_is_not_judged_and_all_else_is_k5_w1() {
    let alias = "{apiVersion: kms.aws.upbound.io/v1beta1, kind: Alias, metadata: {name: a.b}, spec: {forProvider: {region: us-east-1, targetKeyId: alias/foo}}}";
    let native = |patches: &str| {
        format!(
            "apiVersion: apiextensions.crossplane.io/v1\nkind: Composition\nspec:\n  patchSets:\n  - {{name: region, patches: [{{fromFieldPath: spec.region, toFieldPath: spec.forProvider.region}}]}}\n  resources:\n  - base: {alias}\n    patches: [{patches}]\n"
        )
    };
    for patches in [
        "{fromFieldPath: spec.region, toFieldPath: spec.forProvider.region}",
        "{type: PatchSet, patchSetName: region}",
        "{type: ToCompositeFieldPath, fromFieldPath: status.atProvider.arn, toFieldPath: status.arn}",
        "{type: CombineFromComposite, toFieldPath: 'metadata.annotations[crossplane.io/external-name]'}",
    ] {
        finds(&native(patches), &["k.yaml:7:141 K5"]);
    }
    for patches in [
        "{fromFieldPath: spec.forProvider.targetKeyId}",
        "{fromFieldPath: spec.all, toFieldPath: spec.forProvider}",
        "{fromFieldPath: a, toFieldPath: 'spec[\"forProvider\"].targetKeyId'}",
        "{type: PatchSet, patchSetName: missing}",
        "{type: Strange}",
    ] {
        finds(&native(patches), &[]);
    }
    let policy = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"kms:Decrypt\", \"Resource\": \"arn:aws:kms:us-east-1:111122223333:alias/a\"}]}";
    let pipeline = format!(
        "apiVersion: apiextensions.crossplane.io/v1\nkind: Composition\nspec:\n  mode: Pipeline\n  pipeline:\n  - step: patch\n    functionRef: {{name: function-patch-and-transform}}\n    input:\n      apiVersion: pt.fn.crossplane.io/v1beta1\n      kind: Resources\n      resources:\n      - base: {alias}\n        patches: [{{fromFieldPath: spec.region, toFieldPath: spec.forProvider.region}}]\n      - base:\n          apiVersion: iam.aws.upbound.io/v1beta1\n          kind: Policy\n          spec:\n            forProvider:\n              policy: |\n                {policy}\n"
    );
    finds(&pipeline, &["k.yaml:12:145 K5", "k.yaml:20:115 W1"]);
}

#[test]
fn a_variable_that_envsubst_fills_is_a_hole_a3_k1() {
    let alias = |name: &str, target: &str| {
        format!(
            "apiVersion: kms.services.k8s.aws/v1alpha1\nkind: Alias\nmetadata: {{name: a}}\nspec:\n  name: {name}\n  targetKeyID: {target}\n"
        )
    };
    finds(&alias("alias/$ALIAS_NAME", "$TARGET_KEY_ID"), &[]);
    finds(&alias("$ALIAS_1.x", "$KEY"), &["k.yaml:5:9 A3"]);
    finds(
        &alias("alias/$name", "a$"),
        &["k.yaml:5:9 A3", "k.yaml:6:16 K1"],
    );
}

#[test]
fn an_empty_external_name_is_none_a3() {
    let alias = "apiVersion: kms.aws.upbound.io/v1beta1\nkind: Alias\nmetadata: {name: a.b, annotations: {crossplane.io/external-name: ''}}\nspec: {}\n";
    finds(alias, &["k.yaml:3:18 A3"]);
}
