-- The lessons of the project, two rows each: which function it is about, and what was learnt.

local page = require('quickstudy.page')
local server = require('quickstudy.server')
local words = require('quickstudy.words')

local M = {}

---@param lesson quickstudy.Lesson
---@return string[]
local function rows(lesson)
  local gain = lesson.words.speedup ~= '' and ' ' .. lesson.words.speedup or ''
  local pinned = lesson.pinned and ', pinned' or ''
  local head = ('#%d %s in %s: %s%s%s'):format(
    lesson.id,
    words.line(lesson.qualname),
    words.line(lesson.path),
    lesson.words.verdict:lower(),
    gain,
    pinned
  )
  return { head, '    ' .. words.line(lesson.text) }
end

--- Put the cursor on a function; its file says where it is now.
---@param lesson quickstudy.Lesson
local function go(lesson)
  if not lesson.uri then
    server.complain(('The file %s is not there any more.'):format(lesson.path))
    return
  end
  vim.cmd.drop(vim.fn.fnameescape(vim.uri_to_fname(lesson.uri)))
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  for _, part in ipairs(vim.split(lesson.qualname, '.', { plain = true })) do
    -- Literally: a name that a repository's bank holds is no pattern.
    local name = [[\V]] .. vim.fn.escape(part, [[\]]) .. [[\v]]
    vim.fn.search([[\v^\s*%(async\s+)?%(def|class)\s+\zs]] .. name .. [[>]], 'cW')
  end
end

---@param client vim.lsp.Client
---@param query string
function M.open(client, query)
  ---@type quickstudy.Lesson[]
  local lessons = {}
  ---@type integer
  local buffer

  local function under_cursor()
    return lessons[math.ceil(vim.api.nvim_win_get_cursor(0)[1] / 2)]
  end

  ---@param done fun()
  local function load(done)
    server.ask(client, 'lessons', { query = query }, function(found)
      lessons = found
      local lines = {}
      for _, lesson in ipairs(lessons) do
        vim.list_extend(lines, rows(lesson))
      end
      if #lines == 0 then
        local searched = query ~= '' and (' with %s in it'):format(query) or ' yet'
        lines = { ('There is no lesson%s. Each run of the team leaves some.'):format(searched) }
      end
      buffer = page.buffer('lessons', lines)
      done()
    end)
  end
  local function reload()
    load(function() end)
  end

  --- A key that does something with the lesson under the cursor.
  ---@param act fun(lesson: quickstudy.Lesson)
  local function with(act)
    return function()
      local lesson = under_cursor()
      if lesson then
        act(lesson)
      end
    end
  end
  ---@param lesson quickstudy.Lesson
  local function about(lesson, more)
    return vim.tbl_extend('error', { lesson = lesson.id, uri = lesson.root }, more or {})
  end
  local function pin(lesson)
    server.ask(client, 'pin', about(lesson, { pinned = not lesson.pinned }), reload)
  end
  local function forget(lesson)
    if vim.fn.confirm(('Forget lesson #%d for good?'):format(lesson.id), '&Forget\n&Keep', 2) == 1 then
      server.ask(client, 'forget', about(lesson), reload)
    end
  end

  load(function()
    page.show(buffer, 'Lessons', {
      { lhs = '<CR>', does = 'go to the function', act = with(go) },
      { lhs = 'p', does = 'pin or unpin', act = with(pin) },
      { lhs = 'd', does = 'forget', act = with(forget) },
    })
  end)
end

return M
