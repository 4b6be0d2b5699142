//! httpd: a web server with one page, as servers of 1995 were: it reads a request (HTTP 0.9 or 1.0), answers, and closes.

use super::{Next, Program};

/// The one page of the little server, behind the head that it is sent with.
const PAGE: &str = concat!(
    "HTTP/1.0 200 OK\r\nServer: sockscope\r\nContent-Type: text/html\r\nContent-Length: 170\r\n\r\n",
    "<html><head><title>Linux 1.2.13</title></head>\n<body><h1>It is 1995</h1>\n",
    "<p>This page was sent by the TCP/IP stack of Linux 1.2.13, rewritten in Rust.</p>\n</body></html>\n"
);
/// What a head ends with.
const BLANK_LINE: &str = "\r\n\r\n";
/// A request longer than this is answered as it is: no client may make a process grow.
const LONGEST_REQUEST: usize = 8192;

impl Program {
    pub(super) fn have_request(&mut self, data: &[u8]) -> Next {
        self.request.extend_from_slice(data);
        if !ends_request(&self.request) && self.request.len() < LONGEST_REQUEST {
            return self.read();
        }
        let answer = self.octets(answer(&self.request).as_bytes());
        self.write(answer)
    }
}

/// An empty line ends the head of a request; a request of HTTP 0.9 is one line.
fn ends_request(request: &[u8]) -> bool {
    let blank = request.windows(4).any(|four| four == b"\r\n\r\n") || request.windows(2).any(|two| two == b"\n\n");
    blank || (request.ends_with(b"\n") && !request.windows(5).any(|five| five == b"HTTP/"))
}

/// The page, or its head alone where no more is asked for.
fn answer(request: &[u8]) -> &'static str {
    let head = PAGE.split_inclusive(BLANK_LINE).next().filter(|_| request.starts_with(b"HEAD "));
    head.unwrap_or(PAGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_says_how_long_the_page_is() {
        let head = answer(b"HEAD / HTTP/1.0\r\n\r\n");
        let body = answer(b"GET / HTTP/1.0\r\n\r\n").strip_prefix(head).expect("the page begins with its head");
        assert!(head.ends_with(&format!("Content-Length: {}\r\n\r\n", body.len())), "{head}");
    }
}
