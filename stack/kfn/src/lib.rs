//! The attribute `#[kfn("net/inet/tcp.c", rfc = "793 p.69", skip(queue))]`.
//!
//! One line above a kernel function is at once its citation and its announcement: with the cargo feature `probe` of the
//! crate that uses it, the function tells the probe when it is entered (with typed arguments and the line that called it)
//! and when it returns (with its value). Nobody watching costs one branch: the announcing twin stands out of line and has
//! a body of its own, so that the plain one needs to keep nothing for the end. Without that feature the function stays
//! exactly as written. The crate reads tokens with bare `proc_macro`, so that the stack keeps its promise of no
//! dependency.
//!
//! What is shown of the arguments: all but those that `skip` names (they say nothing to a reader, or cannot be said) and
//! those that begin with `_` (they are not used, and using one is an error). Beside the function stands a module of its
//! name that holds its citation, `KFN`, so that a list can name every function of the program.

mod literal;

use proc_macro::{Delimiter, Group, Ident, Spacing, TokenStream, TokenTree};

use literal::value;

/// Marks a function of the original kernel; see the crate's documentation.
///
/// The first argument of the function must be the kernel, named `k`; every other argument that is shown and the return
/// value must implement `crate::kernel::probe::ToArg`.
///
/// ```
/// # fn main() {}
/// # struct Kernel;
/// #[kfn::kfn("kernel/sched.c", rfc = "793 p.1", skip(queue))]
/// fn sleep_on(k: &mut Kernel, queue: u32, _flags: u32) {
///     let _ = (k, queue);
/// }
/// ```
///
/// A name in `skip` that is no argument, an argument with `_` that is used, or another key is refused:
///
/// ```compile_fail
/// # fn main() {}
/// # struct Kernel;
/// #[kfn::kfn("kernel/sched.c", skip(list))]
/// fn sleep_on(k: &mut Kernel, queue: u32) {
///     let _ = (k, queue);
/// }
/// ```
/// ```compile_fail
/// # fn main() {}
/// # struct Kernel;
/// #[kfn::kfn("kernel/sched.c")]
/// fn sleep_on(k: &mut Kernel, _queue: u32) {
///     let _ = (k, _queue);
/// }
/// ```
/// ```compile_fail
/// # fn main() {}
/// # struct Kernel;
/// #[kfn::kfn("kernel/sched.c", hide(queue))]
/// fn sleep_on(k: &mut Kernel, queue: u32) {
///     let _ = (k, queue);
/// }
/// ```
#[proc_macro_attribute]
pub fn kfn(attribute: TokenStream, item: TokenStream) -> TokenStream {
    match Function::read(item.clone()).and_then(|function| expand(attribute, &function, item)) {
        Ok(tokens) => tokens,
        Err(message) => parse(&format!("compile_error!({message:?});")),
    }
}

/// The parts of a function that the expansion needs.
struct Function {
    /// Attributes, visibility and everything else before the name, `fn` included.
    head: Vec<TokenTree>,
    name: Ident,
    arguments: Group,
    /// From behind the argument list to the body: the return type.
    result: Vec<TokenTree>,
    body: Group,
    /// First sentence of the documentation.
    summary: String,
}

impl Function {
    fn read(item: TokenStream) -> Result<Self, String> {
        let mut head = Vec::new();
        let mut documentation = Vec::new();
        let mut tokens = item.into_iter().peekable();
        loop {
            let token = tokens.next().ok_or("#[kfn] stands above a function")?;
            if let TokenTree::Group(group) = &token
                && let Some(line) = documentation_line(group)
            {
                documentation.push(line);
            }
            let is_fn = matches!(&token, TokenTree::Ident(word) if word.to_string() == "fn");
            head.push(token);
            if is_fn {
                break;
            }
        }
        let Some(TokenTree::Ident(name)) = tokens.next() else {
            return Err("a function needs a name".into());
        };
        let Some(TokenTree::Group(arguments)) = tokens.next() else {
            return Err("#[kfn] functions have no generics".into());
        };
        let rest: Vec<TokenTree> = tokens.collect();
        let Some((TokenTree::Group(body), result)) = rest.split_last() else {
            return Err("a function needs a body".into());
        };
        Ok(Self {
            head,
            name,
            arguments,
            result: result.to_vec(),
            body: body.clone(),
            summary: first_sentence(&documentation),
        })
    }

    /// Names of the arguments behind the kernel.
    fn argument_names(&self) -> Result<Vec<String>, String> {
        let mut names = Vec::new();
        let mut depth = 0_i32;
        let mut at_start = true;
        let mut previous_dash = false;
        for token in self.arguments.stream() {
            match &token {
                TokenTree::Punct(punct) => {
                    match punct.as_char() {
                        '<' => depth += 1,
                        '>' if !previous_dash => depth -= 1,
                        ',' if depth == 0 => at_start = true,
                        _ => {}
                    }
                    previous_dash = punct.as_char() == '-' && punct.spacing() == Spacing::Joint;
                }
                TokenTree::Ident(word) => {
                    let word = word.to_string();
                    if at_start && word != "mut" {
                        names.push(word);
                        at_start = false;
                    }
                }
                TokenTree::Group(_) | TokenTree::Literal(_) => {}
            }
        }
        if names.first().map(String::as_str) != Some("k") {
            return Err("the first argument of a #[kfn] function is the kernel `k`".into());
        }
        names.remove(0);
        Ok(names)
    }
}

/// The text of a `#[doc = "..."]` attribute, given its bracket group.
fn documentation_line(group: &Group) -> Option<String> {
    let mut tokens = group.stream().into_iter();
    match tokens.next() {
        Some(TokenTree::Ident(word)) if word.to_string() == "doc" => {}
        _ => return None,
    }
    Some(value(&tokens.nth(1)?.to_string())?.trim().to_owned())
}

/// The text up to the first full stop that ends a word, without back quotes.
fn first_sentence(lines: &[String]) -> String {
    let mut text = String::new();
    for line in lines {
        if line.is_empty() {
            break;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(line);
        if line.ends_with('.') {
            break;
        }
    }
    let end = text.find(". ").map_or(text.len(), |at| at + 1);
    text[..end].replace('`', "")
}

/// What the attribute says.
#[derive(Default)]
struct Citation {
    /// File of the original, as a literal.
    file: Option<String>,
    /// RFC section, as a literal.
    rfc: Option<String>,
    /// Arguments that are not shown.
    skip: Vec<String>,
}

impl Citation {
    fn read(attribute: TokenStream) -> Result<Self, String> {
        let mut citation = Self::default();
        let mut key = String::new();
        for token in attribute {
            match (key.as_str(), token) {
                ("", TokenTree::Literal(text)) if citation.file.is_none() => citation.file = Some(text.to_string()),
                ("rfc", TokenTree::Literal(text)) => citation.rfc = Some(text.to_string()),
                ("skip", TokenTree::Group(names)) => {
                    let name = |token| match token {
                        TokenTree::Ident(word) => Some(word.to_string()),
                        _ => None,
                    };
                    citation.skip.extend(names.stream().into_iter().filter_map(name));
                }
                ("", TokenTree::Ident(word)) => key = word.to_string(),
                (_, TokenTree::Punct(punct)) if punct.as_char() == ',' => key.clear(),
                ("rfc", TokenTree::Punct(punct)) if punct.as_char() == '=' => {}
                (_, other) => {
                    return Err(format!("#[kfn(\"file\", rfc = \"..\", skip(..))] has no place for `{other}`"));
                }
            }
        }
        Ok(citation)
    }
}

/// Whether a name stands anywhere among tokens.
fn mentions(tokens: TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word.to_string() == name,
        TokenTree::Group(group) => mentions(group.stream(), name),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// The arguments that are shown.
fn shown<'a>(names: &'a [String], skip: &[String], body: &Group) -> Result<Vec<&'a String>, String> {
    if let Some(unknown) = skip.iter().find(|skipped| !names.contains(skipped)) {
        return Err(format!("skip names `{unknown}`, which is no argument of the function"));
    }
    let unused = |name: &&String| name.starts_with('_');
    if let Some(used) = names.iter().filter(unused).find(|name| mentions(body.stream(), name)) {
        return Err(format!(
            "`{used}` is used: give it a name without `_`, and name it in skip(..) if it is to be hidden"
        ));
    }
    Ok(names.iter().filter(|name| !unused(name) && !skip.contains(name)).collect())
}

fn expand(attribute: TokenStream, function: &Function, item: TokenStream) -> Result<TokenStream, String> {
    let citation = Citation::read(attribute)?;
    let file = citation.file.ok_or("#[kfn(\"net/inet/tcp.c\")] names the file of the original")?;
    let rfc = citation.rfc.unwrap_or_else(|| "\"\"".to_owned());
    let names = function.argument_names()?;
    let name = function.name.to_string();
    let shown = shown(&names, &citation.skip, &function.body)?;
    let labels: Vec<String> = shown.iter().map(|name| format!("{name:?}")).collect();
    let values: Vec<String> =
        shown.iter().map(|name| format!("crate::kernel::probe::ToArg::put(&{name}, &mut args);")).collect();
    let call: Vec<String> = names.iter().map(|name| format!(", {name}")).collect();
    let (first, last) = (function.name.span().line(), function.body.span_close().line());

    let signature = |attributes: &str, called: &str, extra: &str| {
        let mut tokens = parse(&format!("{attributes} fn {called}"));
        let mut arguments = function.arguments.stream();
        arguments.extend(parse(extra));
        tokens.extend([TokenTree::Group(Group::new(Delimiter::Parenthesis, arguments))]);
        tokens.extend(function.result.iter().cloned());
        tokens
    };
    let registered = format!(
        "#[cfg(feature = \"probe\")] #[doc(hidden)] pub mod {name} {{ \
         pub static KFN: crate::kernel::probe::KFn = crate::kernel::probe::KFn {{ name: {name:?}, file: {file}, rfc: {rfc}, \
         summary: {:?}, rust_file: file!(), line: {first}, last_line: {last}, arguments: &[{}] }}; }}",
        function.summary,
        labels.join(", "),
    );
    let mut body = TokenStream::new();
    body.extend(signature("#[inline]", "unwatched", ""));
    body.extend([TokenTree::Group(function.body.clone())]);
    let comma = if ends_with_comma(&function.arguments) { "" } else { "," };
    body.extend(signature(
        "#[cold] #[inline(never)]",
        "watched",
        &format!("{comma} caller: &'static ::core::panic::Location<'static>"),
    ));
    body.extend(parse(&format!(
        "{{ let mut args = crate::kernel::probe::Args::default(); {} k.probe_enter(&{name}::KFN, &args, caller); \
         let result = unwatched(k{}); \
         k.probe_exit(&{name}::KFN, crate::kernel::probe::ToArg::to_arg(&result), caller); result }}",
        values.concat(),
        call.concat(),
    )));
    body.extend(parse(&format!(
        "if k.probe_is_on() {{ watched(k{0}, ::core::panic::Location::caller()) }} else {{ unwatched(k{0}) }}",
        call.concat(),
    )));

    let mut output = parse(&registered);
    output.extend(parse("#[cfg(feature = \"probe\")] #[track_caller] #[inline]"));
    output.extend(function.head.iter().cloned());
    output.extend([TokenTree::Ident(function.name.clone()), TokenTree::Group(function.arguments.clone())]);
    output.extend(function.result.iter().cloned());
    output.extend([TokenTree::Group(Group::new(Delimiter::Brace, body))]);
    output.extend(parse("#[cfg(not(feature = \"probe\"))]"));
    output.extend(item);
    Ok(output)
}

/// Whether an argument list is written with a comma behind the last one.
fn ends_with_comma(arguments: &Group) -> bool {
    matches!(arguments.stream().into_iter().last(), Some(TokenTree::Punct(punct)) if punct.as_char() == ',')
}

fn parse(text: &str) -> TokenStream {
    text.parse().unwrap_or_default()
}
