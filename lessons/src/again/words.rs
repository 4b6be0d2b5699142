//! The words of a second pass in one language: what is asked, and of each function what its caption says.

use core::cmp::Ordering;
use core::fmt::Write;

use stack::lab::caption::chinese;
use stack::words::{Lang, Words};
use unicode_width::UnicodeWidthStr;

use super::hole::{Hole, choices};
use crate::page::{PAGE_CELLS, STEP_CELLS, wrap};
use crate::text::{LessonText, is_wide};

/// Cells of a hint that takes one row, with "Hint 3: " in front and an ellipsis behind it.
const HINT: usize = 54;
/// Where an English clause may end early.
const JOINTS: [&str; 6] = [" and ", " into ", " from ", " with ", " for ", " of "];
/// What is said where both languages have sentences of their own.
const QUESTION: Words = Words::new("Which of these functions is entered next?", "接下来进入其中的哪个函数？");
const STRIKE: Words = Words::new(
    "Strike out what has run already, and what still lacks something it needs.",
    "先划掉已经运行过的，再划掉还缺少前提的。",
);
const ORDER: Words = Words::new("Put the calls in the order of the run.", "按运行的先后排列这些调用。");
const ALONE: Words = Words::new("Now all of them, without help.", "现在全部自己来。");
const SAY_IT_BACK: Words = Words::new(
    "In one line: which call stands elsewhere than you had thought, and why there?",
    "用一句话说：哪个调用的位置与你想的不同？为什么在那里？",
);
const DRAWING: Words = Words::new(
    "Close the program. Write the functions under each other from memory, and beside each its host and what it is for. Then open the outline and compare.",
    "合上程序，凭记忆把这些函数自上而下写出来，在每个旁边注明它在哪台主机上、做什么。然后打开调用树对照。",
);

/// What a second pass is told of.
pub(super) struct Told<'a> {
    /// The language.
    pub(super) lang: Lang,
    /// The calls.
    pub(super) holes: &'a [Hole<'a>],
    /// The names of the numbers that differ from learner to learner.
    pub(super) numbers: Vec<&'a str>,
    /// The words of the lesson, its holes still open.
    pub(super) first: &'a LessonText,
}

impl Told<'_> {
    /// The claim: a sentence that the run tests.
    pub(super) fn claim(lang: Lang, calls: usize) -> String {
        match lang {
            Lang::En => format!("This run enters these {calls} functions in one order"),
            Lang::Zh => format!("这次运行进入这 {calls} 个函数，只有一种先后"),
        }
    }

    /// The whole file.
    pub(super) fn markdown(&self) -> String {
        let title = self.say(format!("{}: second pass", self.first.title), format!("{}（第二遍）", self.first.title));
        let mut text = format!("# {title}\n");
        section(&mut text, "## claim", &[Self::claim(self.lang, self.holes.len())]);
        for index in 1..self.holes.len() {
            self.question(&mut text, index);
        }
        self.order(&mut text);
        section(&mut text, "## known", self.first.lines("known"));
        section(&mut text, "## then-and-now", self.first.lines("then-and-now"));
        section(&mut text, "## say-it-back", &wrapped(SAY_IT_BACK.text(self.lang)));
        section(&mut text, "## drawing", &wrapped(DRAWING.text(self.lang)));
        text
    }

    fn question(&self, text: &mut String, index: usize) {
        let (Some(hole), Some(before)) = (self.holes.get(index), index.checked_sub(1)) else { return };
        let _ = writeln!(text, "\n## beat call-{}", index + 1);
        section(text, "### narration", &self.stand(before));
        section(text, "### question", &wrapped(QUESTION.text(self.lang)));
        let choices = choices(self.holes, index);
        for (letter, choice) in &choices {
            section(text, &format!("### option {letter}"), &[self.named(*choice)]);
        }
        for (letter, choice) in &choices {
            section(text, &format!("### reply {letter}"), &self.reply(*choice, index));
        }
        let (name, host, file) = (hole.call.function.name, &hole.call.host, hole.call.function.file);
        section(text, "### hint 1", &wrapped(STRIKE.text(self.lang)));
        let file = self.say(format!("It stands in `{file}`."), format!("它写在 `{file}` 里。"));
        section(text, "### hint 2", &wrapped(&file));
        let it = if self.is_alone() {
            self.say(format!("It is `{name}`."), format!("是 `{name}`。"))
        } else {
            self.say(format!("`{name}`, on {host}."), format!("{host} 上的 `{name}`。"))
        };
        section(text, "### hint 3", &wrapped(&it));
        section(text, "### why", &wrapped(&self.why(hole)));
    }

    /// Where the learner stands, and the numbers of this run.
    fn stand(&self, index: usize) -> Vec<String> {
        let of = self.holes.len();
        let place = index + 1;
        let Some(Hole { call, .. }) = self.holes.get(index) else { return Vec::new() };
        let (name, host) = (call.function.name, &call.host);
        let (who, who_chinese) = if self.is_alone() {
            ("The run".to_owned(), "运行".to_owned())
        } else {
            (host.clone(), format!("{host} "))
        };
        let mut lines = wrapped(&self.say(
            format!("{who} has just entered `{name}`, call {place} of {of}."),
            format!("{who_chinese}刚刚进入 `{name}`，这是 {of} 个调用中的第 {place} 个。"),
        ));
        let numbers: Vec<String> = self.numbers.iter().map(|name| format!("`{name}` {{{name}}}")).collect();
        if !numbers.is_empty() {
            let between = Words::new(", ", "、").text(self.lang);
            let numbers = numbers.join(between);
            lines.push(self.say(format!("Your numbers: {numbers}."), format!("你的数字：{numbers}。")));
        }
        lines
    }

    /// A function with its host, and of its caption as much of the first clause as a row has room for.
    fn named(&self, index: usize) -> String {
        let Some(Hole { call, .. }) = self.holes.get(index) else { return String::new() };
        let (name, host) = (call.function.name, &call.host);
        let short = if self.is_alone() {
            format!("`{name}`")
        } else {
            self.say(format!("`{name}` on {host}"), format!("{host} 上的 `{name}`"))
        };
        let colon = Words::new(": ", "：").text(self.lang);
        let fits = |text: &String| text.replace('`', "").width() <= usize::from(STEP_CELLS);
        let mut told =
            beginnings(self.caption(index)).into_iter().map(|clause| format!("{short}{colon}{}", lowered(clause)));
        told.find(fits).unwrap_or(short)
    }

    fn reply(&self, choice: usize, index: usize) -> Vec<String> {
        let of = self.holes.len();
        let place = choice + 1;
        let Some(Hole { call, .. }) = self.holes.get(choice) else { return Vec::new() };
        let name = call.function.name;
        let caption = self.caption(choice);
        let told = match choice.cmp(&index) {
            Ordering::Equal => self.say(format!("`{name}`: {caption}"), format!("`{name}`：{caption}")),
            Ordering::Less => self.say(
                format!("It has run: call {place} of {of}. {caption}"),
                format!("它已经运行过：{of} 个调用中的第 {place} 个。{caption}"),
            ),
            Ordering::Greater => self.say(
                format!("It comes later: call {place} of {of}. {caption}"),
                format!("它要晚一些：{of} 个调用中的第 {place} 个。{caption}"),
            ),
        };
        wrapped(&told)
    }

    fn why(&self, hole: &Hole) -> String {
        let name = hole.call.function.name;
        match hole.caller {
            Some(caller) => self.say(
                format!("Here `{name}` is called by `{caller}`."),
                format!("这里的 `{name}` 由 `{caller}` 调用。"),
            ),
            None => self.say(
                format!("No function of the kernel is around `{name}`: from here on it acts by itself."),
                format!("`{name}` 之外没有别的内核函数：这里由它开始。"),
            ),
        }
    }

    fn order(&self, text: &mut String) {
        text.push_str("\n## beat order\n");
        section(text, "### narration", &wrapped(ALONE.text(self.lang)));
        section(text, "### question", &wrapped(ORDER.text(self.lang)));
        for index in 0..self.holes.len() {
            section(text, &format!("### step {}", index + 1), &[self.named(index)]);
        }
        let names: Vec<String> = self.holes.iter().map(|hole| format!("`{}`", hole.call.function.name)).collect();
        let road = |names: &[String]| names.join(Words::new(", ", "、").text(self.lang));
        let end = |name: Option<&String>| name.cloned().unwrap_or_default();
        let (first, last) = (end(names.first()), end(names.last()));
        section(
            text,
            "### hint 1",
            &wrapped(&self.say(format!("It begins with {first}."), format!("从 {first} 开始。"))),
        );
        section(text, "### hint 2", &wrapped(&self.say(format!("It ends with {last}."), format!("到 {last} 结束。"))));
        // One row of a page: as many of the names as it holds.
        let fits = |count: &usize| road(names.get(..*count).unwrap_or(&[])).replace('`', "").width() <= HINT;
        let count = (1..=names.len()).rev().find(fits).unwrap_or(1);
        let more = if count < names.len() { " ..." } else { "" };
        let begin = road(names.get(..count).unwrap_or(&[]));
        section(text, "### hint 3", &[self.say(format!("{begin}{more}"), format!("依次是 {begin}{more}"))]);
        let road = road(&names);
        let why = self.say(format!("The road of this run: {road}."), format!("这次运行的路：{road}。"));
        section(text, "### why", &wrapped(&why));
    }

    /// Whether all calls are those of one host, which then need not be named.
    fn is_alone(&self) -> bool {
        let mut hosts = self.holes.iter().map(|hole| &hole.call.host);
        let first = hosts.next();
        hosts.all(|host| Some(host) == first)
    }

    fn caption(&self, index: usize) -> &'static str {
        let Some(Hole { call, .. }) = self.holes.get(index) else { return "" };
        let english = call.function.summary;
        Words::new(english, chinese::of(english).unwrap_or(english)).text(self.lang)
    }

    fn say(&self, en: String, zh: String) -> String {
        match self.lang {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }
}

fn section(text: &mut String, heading: &str, lines: &[String]) {
    let gap = if heading.starts_with("### ") { "" } else { "\n" };
    let _ = writeln!(text, "{gap}{heading}");
    for line in lines {
        let _ = writeln!(text, "{line}");
    }
}

/// What a caption may be cut to, the longest first: all of it, what stands before a colon or semicolon, the first clause, and of that
/// what stands before one of its joints. One that names several things of a kind is not cut at a comma: the first of them would
/// stand for all.
fn beginnings(caption: &str) -> Vec<&str> {
    let until = |stops: &[char]| caption.split(stops).next().unwrap_or("").trim();
    let clause = until(&[':', ';', ',', '.', '：', '；', '，', '。']);
    let cut = |joint: &&str| clause.split_once(*joint).map(|(before, _)| before);
    let lists = caption.matches([',', '，', '、']).count() > 1 && (caption.contains(" or ") || caption.contains('或'));
    let clauses = std::iter::once(clause).chain(JOINTS.iter().filter_map(cut)).filter(|_| !lists);
    let whole = [until(&['.', '。']), until(&[':', ';', '.', '：', '；', '。'])];
    whole.into_iter().chain(clauses).filter(|text| says_something(text)).collect()
}

/// Whether what is left of a caption is more than a verb and a word, and closes what it opens.
fn says_something(text: &str) -> bool {
    let is_whole = text.matches(['(', '（']).count() == text.matches([')', '）']).count();
    let words = text.split_whitespace().count();
    is_whole && !text.is_empty() && (words > 3 || text.chars().any(is_wide))
}

/// A sentence as it goes on behind a colon: with a small letter, unless it begins with a name such as ARP.
fn lowered(sentence: &str) -> String {
    let mut letters = sentence.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            first.to_lowercase().chain(sentence.chars().skip(1)).collect()
        }
        _ => sentence.to_owned(),
    }
}

/// A text in lines of a page.
fn wrapped(text: &str) -> Vec<String> {
    wrap(text, PAGE_CELLS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caption_is_cut_where_it_still_says_something() {
        let caption = "Writes the hardware address of the next hop into the frame; true: the packet must wait.";
        let cut = beginnings(caption);
        assert!(caption.starts_with(cut[0]) && cut[0].ends_with("must wait"), "{cut:?}");
        assert_eq!(cut[1], "Writes the hardware address of the next hop into the frame");
        assert_eq!(cut[3..], ["Writes the hardware address of the next hop", "Writes the hardware address"]);
        assert!(!beginnings("Sets one option of a sock.").contains(&"Sets one option"), "too little");
        assert!(
            beginnings("Completes a datagram (length, id) and hands it on.").iter().all(|text| text.ends_with(" on"))
        );
        assert_eq!(beginnings("接纳报文段：来自 IP。").last(), Some(&"接纳报文段"));
        assert!(beginnings("").is_empty());
        // "Sends an owed ACK" would be the least of it.
        let list = "Sends an owed ACK, then retransmits, probes, or asks whether the peer is alive.";
        assert!(beginnings(list).iter().all(|text| text.ends_with("is alive")), "{:?}", beginnings(list));
    }

    #[test]
    fn a_name_keeps_its_letters() {
        assert_eq!(lowered("Opens a connection"), "opens a connection");
        assert_eq!(lowered("A SYN has come"), "a SYN has come");
        assert_eq!(lowered("ARP asks"), "ARP asks");
    }
}
