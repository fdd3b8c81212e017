/** The style of the pages outsiders see. No script, no font and no image: nothing is loaded from anywhere. */
export const style = `
:root{color-scheme:light dark;--bg:#fbfcfc;--card:#fff;--text:#12201f;--muted:#5a6b6a;--line:#dfe6e6;--line-strong:#7c8b89;--accent:#0b7a75;--on-accent:#fff;--bad:#b42318;--good:#1f7a4d;--late:#8a6100}
@media (prefers-color-scheme:dark){:root{--bg:#0e1416;--card:#141c1f;--text:#e7efee;--muted:#93a5a4;--line:#27343a;--line-strong:#6a7b7f;--accent:#35b8b0;--on-accent:#04211f;--bad:#f2786c;--good:#4cc38a;--late:#e0b44c}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;min-height:100vh;padding:clamp(16px,5vw,64px) 16px}
main>:last-child{margin-bottom:0}
main{max-width:640px;margin:0 auto;background:var(--card);border:1px solid var(--line);border-radius:12px;padding:clamp(20px,5vw,40px)}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 8px;overflow-wrap:anywhere}
p{margin:0 0 16px}
.muted{color:var(--muted);font-size:.875rem}
.message{white-space:pre-wrap;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:fit-content(40%) minmax(0,1fr);gap:0;margin:24px 0;border-top:1px solid var(--line)}
dt,dd{margin:0;padding:10px 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere;min-width:0}
dt{color:var(--muted);padding-right:16px}
dd dl{margin:0;border-top:0}
dd dt,dd dd{padding:2px 0;border-bottom:0}
dd dt{padding-right:12px}
dd ul{margin:0;padding:0;list-style:none}
dd li+li{margin-top:8px;padding-top:8px;border-top:1px solid var(--line)}
pre{margin:24px 0;padding:12px;border:1px solid var(--line);border-radius:8px;overflow:auto;font:.875rem/1.5 ui-monospace,monospace}
label{display:block;font-weight:600;margin:24px 0 6px}
label span{font-weight:400;color:var(--muted)}
textarea{width:100%;min-height:96px;padding:10px 12px;font:inherit;color:inherit;background:var(--card);border:1px solid var(--line-strong);border-radius:8px;resize:vertical}
.actions{display:flex;gap:12px;margin:20px 0 0;flex-wrap:wrap}
button{flex:1 1 160px;min-height:48px;padding:0 20px;font:inherit;font-weight:600;border-radius:8px;border:1px solid var(--line-strong);background:transparent;color:inherit;cursor:pointer}
button.primary{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.notice{padding:12px 16px;border:1px solid var(--line);border-left:4px solid var(--late);border-radius:8px;margin:0 0 20px}
.notice.bad{border-left-color:var(--bad)}
.notice.good{border-left-color:var(--good)}
footer{max-width:640px;margin:16px auto 0;color:var(--muted);font-size:.8125rem;overflow-wrap:anywhere}
`
