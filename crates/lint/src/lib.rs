//! Finds wrong AWS KMS alias names, key identifiers and policies in Terraform, CloudFormation, Kubernetes and IAM files.
//!
//! The library is pure: bytes in, findings out. It panics on no input, follows no nesting beyond
//! 128 levels, and goes on after a file that it cannot read.
//!
//! - [`lint_files`] checks files that belong together and gives a [`Report`].
//! - [`lint_policy`] checks one policy document.
//! - [`PolicyRule`] has each rule W1–W14 as data: its meaning, source, a wrong and a right example.
//!
//! ```
//! use kms_alias_lint::{Options, Severity, lint_files};
//!
//! let template = b"\
//! Resources:
//!   Orders:
//!     Type: AWS::KMS::Alias
//!     Properties:
//!       AliasName: !Sub alias/${AWS::StackName}.orders
//!       TargetKeyId: !GetAtt Key.Arn
//! ";
//! let files = [("template.yaml", &template[..])];
//! let report = lint_files(files, &Options::default());
//! let finding = &report.findings[0];
//! assert_eq!((finding.place.line, finding.place.column), (5, 23));
//! assert_eq!((finding.rule.number(), finding.severity), ("A3", Severity::Error));
//! assert_eq!(report.looked_at, 1);
//! ```
//!
//! # What is read
//! | files | what is looked for |
//! |---|---|
//! | `.tf`, `.tofu`, `.tf.json`, `.tofu.json`: the files of a folder are one module, and `override.tf` and `*_override.tf` count last | `aws_kms_alias`, `awscc_kms_alias`, `data.aws_kms_alias`; policies in `aws_iam_policy_document`, `jsonencode`, and heredocs and quoted texts of JSON |
//! | `terraform.tfvars`, `*.auto.tfvars`, these also in JSON | the values of variables of the folder |
//! | `.tf` and its kin | the name in an alias, or in its ARN, that an attribute such as `kms_master_key_id` has for a key |
//! | `.json`, `.yaml`, `.yml`, `.template`: CloudFormation and SAM templates | `AWS::KMS::Alias`; properties such as `KmsKeyId` likewise; every policy document of an `AWS::` resource |
//! | the same with `service` and `provider`: the Serverless Framework | its resources, and the statements of its roles |
//! | `manifest.json` of a CDK assembly | the Region of each template beside it |
//! | the same with `apiVersion` and `kind`: Kubernetes | the aliases of ACK, Crossplane and Upbound, also those that a Composition makes, and the policies as JSON in the texts of their objects |
//! | a JSON or YAML file that is a policy, a statement, or a list of either; what the AWS CLI prints of policies: `get-key-policy`, `get-policy-version`, `get-account-authorization-details`, `organizations describe-policy` | W1–W14 |
//!
//! A `.jsonc` is read as a `.json` is, with comments. Of a file without an ending, and of standard input under the path `-`, the content tells. All
//! other files are passed over in silence, and so are templates of Helm and JSON with comments that
//! holds nothing of interest. A file is UTF-8, or UTF-16 with a byte-order mark.
//!
//! # The rules
//! Alias names: A1, A2, A3, A4 (by the reading of [`ReservedNames`](kms_alias::ReservedNames)).
//! Targets: K1–K4 for what is no key ID or key ARN, K5 for an alias, T2 for a key of another Region
//! where the Region of the alias is certain. K8 for an alias where only a key is taken: the key of a
//! grant or of a key policy in Terraform, the primary key of a replica. [`kms_alias::Rule`] has their words. Policies: W1–W14,
//! see [`PolicyRule`].
//!
//! A text that is known in part is a finding only if it is wrong whatever fills the rest:
//! `alias/${var.x}.y` breaks A3, `${var.x}` nothing.
//!
//! # Which references are followed
//! - **Terraform**: `local.NAME`; `var.NAME` with a default that is a text and not empty, unless every
//!   caller of the module sets it, or with a value from `terraform.tfvars` or `*.auto.tfvars`; `each.key`
//!   and `each.value` of a literal map, of what the functions below make, or of a local or a default of these;
//!   both values of a condition, as far as they are written there, and only the one that counts where the
//!   condition is literal; `LIST[count.index]` where `count` is the length of the list; members of objects
//!   that are a local or a default; a local that is a whole policy, or a part of one. Of functions of texts: `join`;
//!   `format` with `%s`, `%v`, `%d` and `%03d`; `lower` and `upper` of ASCII; `trimprefix`,
//!   `trimsuffix`, `trimspace`, `chomp`; `replace` without a regular expression; `element`, `lookup`, and the first value of
//!   `coalesce` and `try` where it is known. Of functions of lists and maps: `concat`, `merge`, `setproduct`,
//!   `zipmap`, `flatten`, `formatlist`, `toset`, `tolist`, `tomap`, `keys`, `values`, `distinct`,
//!   `compact`, `sort`, `reverse`, `split`, and `range` up to 1,024 numbers. In a policy, `concat` also of lists of
//!   which some are not known.
//!   `for` expressions over lists, sets and objects that stand there, are a local or a default, or are made by
//!   these functions, with `...` and with an `if` that is known of each item: `==` and its kin, `&&`, `||`,
//!   `!`, `contains`, `startswith`, `endswith`, `length`, `lookup`, `try`, `can`. A default without items
//!   stands for what is not known, and so does one whose type has `set` or `optional`. The value of a variable is made to
//!   what its type says: a text to a number, a list to a set, and an object loses what the type does not name. All loops of a module
//!   and functions of lists make 65,536 expressions at most, and four more for each that the module has. The turns of a `dynamic` block over such a collection are checked;
//!   over any other its statement or condition is checked as it is written, a condition only as far as it
//!   is wrong by itself. An `aws_iam_policy_document` is checked with the statements of
//!   `source_policy_documents` and `override_policy_documents`, of two with one `sid` the one that
//!   the provider takes; a document that is only brought in is checked where it is. Of a key that an object has twice the
//!   later value counts, as in Terraform. An attribute of `aws_kms_alias` or `awscc_kms_alias`
//!   that is an alias breaks K5 as a target. The `arn` of a key, and the `target_key_arn` of an alias,
//!   is the ARN of one key. A Region counts only where it is literal: that of the resource, of the provider that it names, or of the default provider of the folder.
//! - **CloudFormation**: `Ref` and `Fn::Sub` of a parameter are its default, unless the parameter
//!   names an entry of the Parameter Store, or the default is empty; `Ref` of an alias is an alias, and in a text a name that begins with `alias/`; `Ref` of a key
//!   is its ID, and its attribute `Arn` the ARN of one key;
//!   `Fn::FindInMap` with literal names is looked up;
//!   `Fn::Sub`, `Fn::Join` and `Fn::Select` are put together; both branches of `Fn::If` are
//!   checked, as far as they are written there, of two statements of a policy the first. `Fn::ForEach`
//!   over a list that stands there is written out; over any other its body is checked once, as far as it
//!   is wrong whatever the item is. Of SAM's policy templates `KMSDecryptPolicy` and `KMSEncryptPolicy`
//!   the statement is checked that SAM makes: its resource is `key/` and the `KeyId`, so that an
//!   alias breaks W3 there, and an ARN, whose `key/` is there twice then, K1.
//! - A default is not judged where the condition of its resource, its `count`, its `enabled`, or a
//!   condition in its `for_each` asks for the same variable or parameter, be it by way of a local.
//! - A template of CloudFormation in which a map has a key twice is not checked, and told (ours).
//! - **YAML**: anchors, aliases and merge keys. Brackets and quotes may close at the depth of the block
//!   around them, as CloudFormation takes them and YAML 1.2 does not.
//! - **Crossplane**: what a patch of a Composition, or of `function-patch-and-transform`, writes to is a
//!   hole, and so is the name in the metadata of the object, which Crossplane replaces.
//!
//! Not followed, and so a hole: placeholders of other tools (`{{ }}`, `<% %>`, `#{ }`, `$( )`, `@@ @@`,
//! `%% %%`, `$NAME` in upper case in Kubernetes (ours), and in templates variables of the Serverless Framework) and everything else, such as modules, data sources, `Fn::ImportValue`
//! and files that are read by `file` or `templatefile`. Values of variables that Terraform does not load by
//! itself, those of `-var`, `-var-file` and `TF_VAR_NAME`, are not known (ours): hand in a copy of the file under a name
//! that ends with `.auto.tfvars`. References are followed 16 deep, and no value beyond 65,536 parts.
//!
//! # Where a finding stands
//! At the first character of the content of the value: behind the quote, on the line below for a
//! heredoc or a block scalar; so too in a policy that is JSON within a text, whatever it is quoted with. At the literal piece of `Fn::Join` and `join` that breaks the rule, at
//! the first piece for A1, A2 and A4. At the item, for what a loop is over. At the reference, for K5. At the default, the local or the
//! value of the map, for what is followed; where a default or a local is only part of a text, at the text.
//! A rule is told once at each place, also where a loop makes several things of it.

mod files;
mod finding;
mod format;
mod json;
mod lint;
mod names;
mod options;
mod policy;
mod recognise;
mod source;
mod sources;
mod text;
mod tree;
mod written;
mod yaml;

pub use finding::{Finding, InPolicy, LintRule, Place, Report, Severity, StatementName, Unread};
pub use lint::{lint_files, lint_policy};
pub use options::Options;
pub use policy::{AWS_ALIAS_SERVICES, PolicyKind, PolicyRule};
