// Runs in the browser, before GraphiQL's own script: tells the editor where its workers are, then shows the page.
const settings = JSON.parse(document.getElementById('settings').textContent);

self.MonacoEnvironment = {
  globalAPI: false,
  getWorkerUrl: (_module, label) => settings.workers[label] ?? settings.workers.editorWorkerService,
};

// GraphiQL keeps its tabs in the browser. Those of a world that is gone (another data folder) would ask for ids of nothing
const tabsAreOf = localStorage.getItem('gateway:world');
if (tabsAreOf !== settings.world) {
  for (const key of Object.keys(localStorage)) if (key.startsWith('graphiql:')) localStorage.removeItem(key);
  localStorage.setItem('gateway:world', settings.world);
}

// and their tokens last for hours only: where the page brought one for the same person, it takes the old one's place
const personOf = (token) => {
  const { iat, exp, ...person } = JSON.parse(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')));
  return JSON.stringify(person);
};
const fresh = new Map(settings.tokens.map((token) => [personOf(token), token]));
for (const key of ['graphiql:tabState', 'graphiql:headers']) {
  const kept = localStorage.getItem(key);
  const renewed = kept?.replace(/(?<=Bearer )[\w-]+\.[\w-]+\.[\w-]+/g, (token) => {
    try {
      return fresh.get(personOf(token)) ?? token;
    } catch {
      return token; // not one of ours
    }
  });
  if (renewed) localStorage.setItem(key, renewed);
}

// GraphiQL takes the first tab's query from the tab, but not its variables. Where it has kept tabs, it has kept these too
if (!localStorage.getItem('graphiql:tabState')) settings.options.variables = settings.options.defaultTabs[0].variables;

document.addEventListener('DOMContentLoaded', () => {
  self.YogaGraphiQL.renderYogaGraphiQL(document.getElementById('root'), settings.options);
});
