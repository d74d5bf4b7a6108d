/**
 * What the page can do beyond sending and reloading: it follows the device, searches without losing what was typed, and
 * shows the passphrase on demand. Without it everything still works. The page names its hash, so that no other script runs.
 */
export const pageScript = `(()=>{
const $=id=>document.getElementById(id),d=document.body.dataset,s=$("status"),f=$("join"),p=$("passphrase"),o=$("show"),a=$("again");
let key=d.state,misses=0;
const stage=()=>s.firstElementChild?s.firstElementChild.dataset.stage:"waiting";
const get=async(path,method,ms)=>{const r=await fetch(path+"?lang="+document.documentElement.lang,{method,cache:"no-store",signal:AbortSignal.timeout(ms)});if(!r.ok)throw r;return r};
const follow=async()=>{try{
const r=await get("/status","GET",4000),t=await r.text(),k=r.headers.get("x-state");misses=0;$("lost").hidden=true;
if(k!==key){const was=stage();key=k;s.innerHTML=t;const is=stage();$("setup").hidden=is==="working"||is==="done";f.querySelector(".main").disabled=false;
if(is!==was&&(is==="failed"||is==="done"))s.querySelector("h2").focus()}
}catch{if(++misses>2&&stage()==="working")$("lost").hidden=false}
setTimeout(follow,stage()==="working"?700:2000)};
setTimeout(follow,700);
o.hidden=false;o.onclick=()=>{const on=p.type==="password";p.type=on?"text":"password";o.textContent=on?d.hide:d.show;o.setAttribute("aria-pressed",on)};
f.onsubmit=()=>{p.type="password";setTimeout(()=>{f.querySelector(".main").disabled=true})};
if(a)a.onclick=async e=>{e.preventDefault();const c=new FormData(f).get("network"),n=$("ssid").value;a.disabled=true;a.textContent=d.searching;
try{$("networks").innerHTML=await(await get("/networks","POST",15000)).text();$("ssid").value=n;for(const x of f.elements.network)if(x.value===c&&!x.disabled)x.checked=true}catch{}
a.disabled=false;a.textContent=d.again;a.focus()};
addEventListener("pageshow",e=>{if(e.persisted)location.reload()})
})()`.replaceAll("\n", "");
