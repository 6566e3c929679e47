// A small grammY bot; its server and token come as arguments. It ends when somebody writes "bye".
import { Bot, GrammyError, InlineKeyboard, InputFile } from "grammy";

const [apiRoot, token] = process.argv.slice(2);
const bot = new Bot(token, { client: { apiRoot } });

bot.command("start", (ctx) =>
  ctx.reply("<i>Sure?</i>", {
    parse_mode: "HTML",
    reply_markup: new InlineKeyboard().text("Yes", "yes"),
  }));

bot.callbackQuery("yes", async (ctx) => {
  await ctx.answerCallbackQuery("Noted");
  await ctx.editMessageText("Done");
});

bot.hears("bye", async (ctx) => {
  await ctx.reply("Bye");
  bot.stop();
});

bot.hears("refuse", async (ctx) => {
  try {
    await ctx.api.sendMessage(404, "nobody");
  } catch (error) {
    if (!(error instanceof GrammyError)) throw error;
    await ctx.reply(`${error.error_code} ${error.description}`);
  }
});

bot.on("message:text", (ctx) =>
  ctx.replyWithDocument(new InputFile(Buffer.from("the contents"), "notes.txt"), {
    caption: ctx.message.text,
  }));

await bot.start({ onStart: () => console.log("polling") });
