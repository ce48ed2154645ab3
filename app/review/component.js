// The only script that Streamlit carries with every reply: it loads the screen's modules from this server once
// and hands them each new reply. The modules lie beside this file and have a versioned, cacheable address.
export default async function (component) {
  const { mount } = await import(new URL(component.data.assets + "screen.js", document.baseURI).href);
  return mount(component);
}
